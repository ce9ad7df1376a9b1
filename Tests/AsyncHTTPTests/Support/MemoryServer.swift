@testable import AsyncHTTP

/// A server on one loop without sockets, for tests that choose where a peer comes from, who it has proven to be, and what arrives
/// together. Connections share what connections of one loop share.
actor MemoryServer {
    private nonisolated let loop: EventLoop
    private nonisolated let counters = ServerCounters()
    private let budget: PendingBudget
    private let context: ServerContext
    private var peers: [Peer] = []

    private final class Peer {
        let near: MemoryStream
        let connection: Connection
        var serving: Task<Void, Never>?

        init(_ near: MemoryStream, _ connection: Connection) {
            self.near = near
            self.connection = connection
        }
    }

    init(
        on loop: EventLoop,
        limits: ServerLimits = ServerLimits(),
        middleware: [any Middleware] = [],
        standing: StandingAnswers? = nil,
        handler: @escaping RequestHandler
    ) {
        self.loop = loop
        budget = PendingBudget(limits.pendingBytes)
        context = ServerContext(
            loop: loop,
            limits: limits,
            counters: counters,
            gate: ConnectionGate(ConnectionCapacity(connections: 1000, rejections: 0)),
            budget: budget,
            middleware: middleware,
            standing: standing,
            handler: handler
        )
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    nonisolated var statistics: ServerStatistics {
        var statistics = ServerStatistics()
        counters.add(to: &statistics)
        return statistics
    }

    /// How many heads it knows.
    var known: Int { context.known.count }
    /// What they and everything else that is kept take of the budget.
    var heldBytes: Int { budget.used }

    func forgetKnown() {
        context.known.forgetAll()
    }

    func drain() {
        context.isDraining = true
        for connection in context.connections.values { connection.drain() }
    }

    // MARK: Peers

    /// A new one; what is returned names it.
    func connect(listener: Int = 0, identity: String? = nil, over transfers: Transfers = Transfers()) -> Int {
        let (near, far) = MemoryStream.pair(transfers, on: loop)
        far.identity = identity
        let connection = Connection(far, context: context, listener: listener, isWelcome: true)
        context.add(connection)
        let (peer, number) = (Peer(near, connection), peers.count)
        peers.append(peer)
        peer.serving = Task(executorPreference: loop.taskExecutor) { await self.serve(number) }
        return number
    }

    private func serve(_ peer: Int) async {
        await peers[peer].connection.run()
    }

    /// Sends something, and returns what comes until nothing more does, without what changes from second to second.
    func exchange(_ bytes: [UInt8], with peer: Int) async -> String {
        let near = peers[peer].near
        var (answer, sent, quiet): ([UInt8], Int, Int) = ([], 0, 0)
        while quiet < Self.quietTicks {
            quiet += 1
            if sent < bytes.count, case .bytes(let count) = near.send(bytes, [], [], skipping: sent) {
                sent += count
                quiet = 0
            }
            if near.isReadable, case .bytes(let count) = near.receive(), count > 0 {
                answer += near.state.withReceived(count) { $0.array(0..<count) }
                quiet = 0
            }
            await near.pause()
        }
        return withoutDates(answer)
    }

    func exchange(_ text: String, with peer: Int) async -> String {
        await exchange(Array(text.utf8), with: peer)
    }

    /// The same, on a connection of its own.
    func exchange(_ text: String, listener: Int = 0, identity: String? = nil) async -> String {
        await exchange(text, with: connect(listener: listener, identity: identity))
    }

    private static let quietTicks = 30

    /// Ends all connections, and waits until they have.
    func close() async {
        for peer in peers {
            peer.near.close()
            await peer.serving?.value
        }
        peers = []
    }
}

func withoutDates(_ answer: [UInt8]) -> String {
    String(decoding: answer, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
}

/// Runs a server without sockets while `body` does.
func withMemoryServer(
    limits: ServerLimits = ServerLimits(),
    middleware: [any Middleware] = [],
    standing: StandingAnswers? = nil,
    handler: @escaping RequestHandler,
    _ body: @escaping @Sendable (MemoryServer) async throws -> Void
) throws {
    try withEventLoops { group in
        let server = MemoryServer(
            on: group.first,
            limits: limits,
            middleware: middleware,
            standing: standing,
            handler: handler
        )
        do {
            try await body(server)
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }
}
