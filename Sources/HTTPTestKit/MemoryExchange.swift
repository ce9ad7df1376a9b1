import AsyncHTTP

/// A server and a peer on one loop, from the peer's first byte to the connection's end.
actor MemoryExchange {
    private nonisolated let loop: EventLoop
    private let near: MemoryStream
    private let far: MemoryStream
    private let limits: ServerLimits
    private let handler: RequestHandler
    private var statistics = ServerStatistics()

    init(_ conditions: NetworkConditions, limits: ServerLimits, on loop: EventLoop, handler: @escaping RequestHandler) {
        self.loop = loop
        self.limits = limits
        self.handler = handler
        (near, far) = MemoryStream.pair(conditions.transfers, on: loop)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    func run(_ request: [UInt8], _ end: HandlerTest.End) async -> HandlerTest.Transcript {
        var transcript = HandlerTest.Transcript()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.serve() }
            transcript = await Peer(near).ask(request, end)
        }
        transcript.statistics = statistics
        return transcript
    }

    private func serve() async {
        statistics = await LoneConnection.serve(far, limits: limits, on: loop, handler: handler)
    }
}
