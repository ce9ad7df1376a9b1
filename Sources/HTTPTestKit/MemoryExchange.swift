import AsyncHTTP

/// A server and a peer on one loop, from the peer's first byte to the connection's end.
actor MemoryExchange {
    private nonisolated let loop: EventLoop
    private let near: MemoryStream
    private let far: MemoryStream
    private let test: HandlerTest
    private var statistics = ServerStatistics()

    init(_ test: HandlerTest, over conditions: NetworkConditions, on loop: EventLoop) {
        self.loop = loop
        self.test = test
        (near, far) = MemoryStream.pair(conditions.transfers, on: loop)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    func run(_ request: [UInt8], _ end: HandlerTest.End) async -> HandlerTest.Transcript {
        var transcript = HandlerTest.Transcript()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.serve() }
            let stream = test.security.map { LayeredStream($0.peer, over: near, on: loop) } ?? near
            transcript = await Peer(stream).ask(request, end)
        }
        transcript.statistics = statistics
        return transcript
    }

    private func serve() async {
        statistics = await LoneConnection.serve(
            far,
            limits: test.limits,
            on: loop,
            security: test.security?.server,
            middleware: test.middleware,
            standing: test.standing,
            handler: test.handler
        )
    }
}
