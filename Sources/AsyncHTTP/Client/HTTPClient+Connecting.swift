/// Opening connections.
extension HTTPClient {
    /// Tries the addresses of the server in turn; the error is that of the last one.
    func connect(_ attempt: ClientAttempt) async throws(ClientError) -> ClientConnection {
        let until = MonotonicInstant.now.advanced(by: limits.connectTimeout)
        attempt.begin("resolving the name", until: until)
        let addresses = try await resolver.addresses(of: endpoint, for: attempt)
        var failure = ClientError(.connect, "no address")
        for (index, address) in addresses.enumerated() {
            // What is left of the time is shared by the addresses that are left, so that a silent one cannot use it all.
            let left = MonotonicInstant.now.duration(to: until) / (addresses.count - index)
            attempt.begin("connecting to \(address)", until: MonotonicInstant.now.advanced(by: left))
            do throws(ClientError) {
                return try await connect(to: address, attempt)
            } catch {
                failure = error
                if error.kind == .exhausted { throw error }
                if error.kind == .cancelled { break }
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
        let isConnected: Bool
        do throws(SystemError) {
            let descriptor = try Descriptor.streamSocket(family: address.family)
            if address.isInternet { descriptor.disableNagle() }
            isConnected = try descriptor.connect(to: address)
            channel = try Channel(descriptor, on: loop)
        } catch {
            throw ClientError(.connect, error)
        }
        do throws(ClientError) {
            if !isConnected {
                try await attempt.wait(for: channel, toWrite: true)
                let code = channel.descriptor.connectionError()
                if code != 0 {
                    throw ClientError(.connect, SystemError("connect", errno: code, subject: "\(address)"))
                }
            }
        } catch {
            channel.close()
            throw error
        }
        return ClientConnection(channel)
    }
}
