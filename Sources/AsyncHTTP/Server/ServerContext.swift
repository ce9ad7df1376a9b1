/// What answers the requests of a server. It runs on the connection's loop and must not block it.
///
/// An error thrown before anything was sent becomes the answer: 413 or 400 when it is about the request's body, 500 otherwise.
public typealias RequestHandler = @Sendable (Request, consuming Responder) async throws -> Answer

/// What the connections of one loop share. It belongs to the worker of that loop.
final class ServerContext {
    let loop: EventLoop
    let limits: ServerLimits
    let handler: RequestHandler
    /// Whoever is asked before the handler, which knows how.
    let middleware: [any Middleware]
    /// What is answered without a handler, after those have been asked.
    let standing: StandingAnswers?
    /// Told of a handler's own errors.
    let failed: @Sendable (any Error) -> Void
    let counters: ServerCounters
    /// How many connections all loops of the server have open.
    let gate: ConnectionGate
    /// What all loops of the server keep for connections.
    let budget: PendingBudget
    /// What is answered without being read.
    let known: KnownHeads
    /// The idle timeout in nanoseconds: it is set after every request, and a `Duration` costs more to reckon with.
    let idleNanoseconds: Int64
    private let memory: MemoryReturn
    /// What is put over each connection; nil where nothing is encrypted.
    private let security: StreamSecurity?
    /// Made on the loop, with the first connection that is encrypted.
    private lazy var establishing = EstablishingQueue(
        on: loop,
        turnsPerTick: limits.handshakesPerTick,
        capacity: limits.handshakes,
        ended: { [counters] in ($0 ? counters.handshakes : counters.failedHandshakes).add() },
        evicted: { [counters] in counters.reject(.tooManyHandshakes) }
    )

    let dateLine = DateLine()
    var isDraining = false
    /// How many more connections may wait for their peers to close.
    var lingeringPlaces: Int
    /// Called when the last connection has ended.
    var whenEmpty: () -> Void = {}
    private(set) var connections: [ObjectIdentifier: Connection] = [:]

    init(
        loop: EventLoop,
        limits: ServerLimits,
        counters: ServerCounters,
        gate: ConnectionGate,
        budget: PendingBudget,
        failed: @escaping @Sendable (any Error) -> Void = { _ in },
        security: StreamSecurity? = nil,
        middleware: [any Middleware],
        standing: StandingAnswers?,
        handler: @escaping RequestHandler
    ) {
        self.loop = loop
        self.security = security
        self.limits = limits
        lingeringPlaces = max(1, min(limits.lingering, limits.connections / 8))
        idleNanoseconds = limits.idleTimeout.clampedNanoseconds
        self.counters = counters
        self.gate = gate
        self.budget = budget
        known = KnownHeads(budget)
        self.middleware = middleware
        self.standing = standing
        memory = MemoryReturn(on: loop, limits: limits)
        self.failed = failed
        let handler = standing.map { looking(for: $0, before: handler) } ?? handler
        self.handler = middleware.isEmpty ? handler : asking(middleware, before: handler)
    }

    var isSecure: Bool { security != nil }

    /// What a connection speaks to, over what the peer speaks to.
    func secured(_ stream: ByteStream) -> ByteStream {
        guard let security else { return stream }
        return LayeredStream(security, over: stream, on: loop, queue: establishing)
    }

    func add(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = connection
        memory.rose(to: connections.count)
    }

    func remove(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        memory.fell(to: connections.count)
        if connections.isEmpty { whenEmpty() }
    }
}

/// A handler that is asked about what has no standing answer.
private func looking(for find: @escaping StandingAnswers, before handler: @escaping RequestHandler) -> RequestHandler {
    { request, responder in
        let head = request.head
        guard head.mayHaveStandingAnswer, let standing = find(head), let response = standing.current() else {
            return try await handler(request, responder)
        }
        return try await responder.send(response, standing: standing)
    }
}
