/// Why nothing came of waiting for a peer.
package enum StreamFailure: Error {
    case deadline
    /// Somebody has woken the task, to look at what has changed.
    case woken
    case failed(SystemError)
    /// What the stream is made of says why, in words.
    case refused(String)
}

/// What every client does with a stream, each call within the stream's deadline.
extension ByteStream {
    package func sendAll(_ bytes: [UInt8]) async throws(StreamFailure) {
        var sent = 0
        while sent < bytes.count {
            switch send(bytes, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .wouldBlock: try await ready(for: .write)
            case .failed(let code): throw failure("send", code)
            }
        }
    }

    /// Sends what one call of `send` has left, but for what the peer has not taken when it begins to answer: it may have read
    /// enough, and wait with what it says for nobody to go on.
    ///
    /// - Parameter first: what became of that call. Who makes it need not begin to wait for what is sent at once.
    /// - Returns: whether all were sent.
    package func sendUnlessAnswered(_ bytes: [UInt8], after first: Transfer) async throws(StreamFailure) -> Bool {
        var (sent, transfer) = (0, first)
        while true {
            switch transfer {
            case .bytes(let count): sent += count
            case .wouldBlock:
                try await ready(for: .either)
                if isReadable { return false }
            case .failed(let code):
                // Who closes may have said why.
                if isReadable { return false }
                throw failure("send", code)
            }
            if sent >= bytes.count { return true }
            transfer = send(bytes, [], [], skipping: sent)
        }
    }

    /// Waits for something to receive into the loop's buffer, from which it has to be taken before anything else is awaited.
    ///
    /// - Returns: how many bytes came; 0 at the connection's end.
    package func receiveMore() async throws(StreamFailure) -> Int {
        while true {
            try await ready(for: .read)
            switch receive() {
            case .bytes(let count): return count
            case .wouldBlock: continue
            case .failed(let code): throw failure("receive", code)
            }
        }
    }

    /// Waits until both ends know how they speak to each other.
    package func establishAll() async throws(StreamFailure) {
        while true {
            switch establish() {
            case .bytes: return
            case .wouldBlock: try await ready(for: .either)
            case .failed(let code): throw failure("connect", code)
            }
        }
    }

    private func failure(_ call: String, _ code: Int32) -> StreamFailure {
        problem.map { .refused($0) } ?? .failed(SystemError(call, errno: code))
    }

    fileprivate func ready(for wanted: ByteStream.Interest) async throws(StreamFailure) {
        switch await wait(for: wanted) {
        case .ready: return
        case .deadline: throw .deadline
        case .woken: throw .woken
        }
    }
}

extension Channel {
    /// Waits until a channel that was made by `connecting` is connected.
    package func finishConnecting(to address: SocketAddress) async throws(StreamFailure) {
        try await ready(for: .write)
        let code = descriptor.connectionError()
        if code != 0 { throw .failed(SystemError("connect", errno: code, subject: "\(address)")) }
    }
}
