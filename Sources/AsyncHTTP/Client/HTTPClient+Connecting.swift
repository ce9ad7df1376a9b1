/// Opening connections.
extension HTTPClient {
    /// Tries the addresses of the server in turn; the error is that of the last one.
    func connect(_ attempt: ClientAttempt) async throws(ClientError) -> ClientConnection {
        if let opener {
            guard let stream = opener() else { throw ClientError(.connect, "nobody is there") }
            attempt.begin("agreeing on encryption")
            return try await secured(stream, attempt)
        }
        let until = MonotonicInstant.now.advanced(by: limits.connectTimeout)
        attempt.begin("resolving the name", until: until)
        let addresses = try await resolver.addresses(of: endpoint, for: attempt)
        var failure = ClientError(.connect, "no address")
        for (index, address) in addresses.enumerated() {
            // What is left of the time is shared by the addresses that are left, so that a silent one cannot use it all.
            let left = MonotonicInstant.now.duration(to: until) / (addresses.count - index)
            attempt.begin("connecting to \(address)", until: MonotonicInstant.now.advanced(by: left), failing: .connect)
            do throws(ClientError) {
                return try await connect(to: address, attempt)
            } catch {
                failure = error
                if error.kind == .exhausted { throw error }
                // Who was reached and is the wrong one is not a reason to look whether there is another.
                if error.kind == .cancelled || error.kind == .tls { break }
            }
        }
        resolver.forget()
        throw failure
    }

    private func connect(
        to address: SocketAddress,
        _ attempt: ClientAttempt
    ) async throws(ClientError) -> ClientConnection {
        let channel: Channel
        do throws(SystemError) {
            channel = try Channel.connecting(to: address, on: loop)
        } catch {
            throw ClientError(.connect, error)
        }
        do throws(ClientError) {
            try await attempt.use(channel) { () throws(StreamFailure) in
                try await channel.finishConnecting(to: address)
            }
        } catch {
            channel.close()
            throw error
        }
        attempt.phase = "agreeing on encryption with \(address)"
        return try await secured(channel, attempt)
    }

    /// A connection over a stream, or over what encrypts it.
    private func secured(_ lower: ByteStream, _ attempt: ClientAttempt) async throws(ClientError) -> ClientConnection {
        guard let security else { return ClientConnection(lower) }
        let stream = LayeredStream(security, over: lower, on: loop)
        do throws(ClientError) {
            try await attempt.use(stream) { () throws(StreamFailure) in try await stream.establishAll() }
        } catch {
            stream.close()
            throw error
        }
        return ClientConnection(stream)
    }
}
