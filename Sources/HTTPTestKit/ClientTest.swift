public import AsyncHTTP

/// Tests what a client makes of an answer, without a socket and without a server: the bytes of the answer, and how they travel.
public struct ClientTest: Sendable {
    private let limits: ClientLimits

    /// - Parameter limits: those of the client that is tested.
    public init(limits: ClientLimits = ClientLimits()) {
        self.limits = limits
    }

    /// Asks for a path, and is sent these bytes, whatever it asked; then the server has finished.
    ///
    /// - Returns: what the client takes them for.
    public func get(
        _ target: String,
        answered answer: [UInt8],
        over conditions: NetworkConditions = NetworkConditions()
    ) throws -> ClientResponse {
        try withEventLoops { [limits] group in
            try await ScriptedPeer(answer, conditions, on: group.first).ask(target, limits)
        }
    }

    /// The same for text.
    public func get(
        _ target: String,
        answered answer: String,
        over conditions: NetworkConditions = NetworkConditions()
    ) throws -> ClientResponse {
        try get(target, answered: Array(answer.utf8), over: conditions)
    }
}

/// A server that sends what it was given to the first who comes; to others it is not there.
private actor ScriptedPeer {
    private nonisolated let loop: EventLoop
    private let answer: [UInt8]
    private let ends: ThreadBound<Ends>

    private final class Ends {
        var near: MemoryStream?
        let far: MemoryStream

        init(_ pair: (MemoryStream, MemoryStream)) {
            (near, far) = pair
        }

        func take() -> MemoryStream? {
            defer { near = nil }
            return near
        }
    }

    init(_ answer: [UInt8], _ conditions: NetworkConditions, on loop: EventLoop) {
        self.answer = answer
        self.loop = loop
        ends = loop.bind(Ends(MemoryStream.pair(conditions.transfers, on: loop)))
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    func ask(_ target: String, _ limits: ClientLimits) async throws -> ClientResponse {
        let ends = ends
        let client = HTTPClient(
            .internet(host: "memory", port: 80),
            on: loop,
            limits: limits,
            opener: { ends.value.take() }
        )
        defer { ends.value.far.close() }
        return try await withThrowingTaskGroup { group in
            group.addTask { await self.serve() }
            let response: ClientResponse
            do {
                response = try await client.get(target)
            } catch {
                await client.close()
                ends.value.far.close()
                throw error
            }
            await client.close()
            ends.value.far.close()
            return response
        }
    }

    private func serve() async {
        let far = ends.value.far
        let peer = Peer(far)
        await peer.send(answer)
        far.finishWriting()
        await peer.finish()
    }
}
