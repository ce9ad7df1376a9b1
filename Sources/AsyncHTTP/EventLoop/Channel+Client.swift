/// Why nothing came of waiting for a peer.
package enum ChannelFailure: Error {
    case deadline
    /// Somebody has woken the task, to look at what has changed.
    case woken
    case failed(SystemError)
}

/// What every client does with a channel, each call within the channel's deadline.
extension Channel {
    /// Waits until a channel that was made by `connecting` is connected.
    package func finishConnecting(to address: SocketAddress) async throws(ChannelFailure) {
        try await ready(toWrite: true)
        let code = descriptor.connectionError()
        if code != 0 { throw .failed(SystemError("connect", errno: code, subject: "\(address)")) }
    }

    package func sendAll(_ bytes: [UInt8]) async throws(ChannelFailure) {
        var sent = 0
        while sent < bytes.count {
            switch send(bytes, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .wouldBlock: try await ready(toWrite: true)
            case .failed(let code): throw .failed(SystemError("send", errno: code))
            }
        }
    }

    /// Waits for something to receive into the loop's buffer, from which it has to be taken before anything else is awaited.
    ///
    /// - Returns: how many bytes came; 0 at the connection's end.
    package func receiveMore() async throws(ChannelFailure) -> Int {
        while true {
            try await ready(toWrite: false)
            switch receive() {
            case .bytes(let count): return count
            case .wouldBlock: continue
            case .failed(let code): throw .failed(SystemError("receive", errno: code))
            }
        }
    }

    private func ready(toWrite: Bool) async throws(ChannelFailure) {
        switch await wait(toWrite: toWrite) {
        case .ready: return
        case .deadline: throw .deadline
        case .woken: throw .woken
        }
    }
}
