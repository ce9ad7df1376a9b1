import AsyncHTTP

extension HandlerTest {
    /// The same over a socket of this machine: what the network in memory is held against.
    public func transcript(overSocket request: [UInt8], end: End = .finishes) throws -> Transcript {
        try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                limits: limits,
                middleware: middleware,
                standing: standing,
                handler: handler
            )
            return try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                defer { server.shutdown(gracefully: false) }
                guard let address = server.port.flatMap({ SocketAddress(literal: "127.0.0.1", port: $0) }) else {
                    // Only tests get here, and the port has been bound above.
                    preconditionFailure("a server on a port has one")
                }
                var transcript = try await SocketPeer(on: group.first).ask(address, request, end)
                transcript.statistics = server.statistics
                return transcript
            }
        }
    }
}

/// The other end of a connection over a socket.
private actor SocketPeer {
    private nonisolated let loop: EventLoop

    init(on loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    func ask(
        _ address: SocketAddress,
        _ request: [UInt8],
        _ end: HandlerTest.End
    ) async throws -> HandlerTest.Transcript {
        let channel = try Channel.connecting(to: address, on: loop)
        try await channel.finishConnecting(to: address)
        return await Peer(channel).ask(request, end)
    }
}
