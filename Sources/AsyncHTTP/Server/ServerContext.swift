/// What answers the requests of a server. It runs on the connection's loop and must not block it.
///
/// An error thrown before anything was sent becomes the answer: 413 or 400 when it is about the request's body, 500 otherwise.
public typealias RequestHandler = @Sendable (Request, consuming Responder) async throws -> Answer

/// What the connections of one loop share. It belongs to the worker of that loop.
final class ServerContext {
    let loop: EventLoop
    let limits: ServerLimits
    let handler: RequestHandler
    let counters: ServerCounters
    /// How many connections all loops of the server have open.
    let gate: ConnectionGate

    var dateLine = DateLine()
    var isDraining = false
    /// Called when the last connection has ended.
    var whenEmpty: () -> Void = {}
    private(set) var connections: [ObjectIdentifier: Connection] = [:]

    init(
        loop: EventLoop,
        limits: ServerLimits,
        counters: ServerCounters,
        gate: ConnectionGate,
        handler: @escaping RequestHandler
    ) {
        self.loop = loop
        self.limits = limits
        self.counters = counters
        self.gate = gate
        self.handler = handler
    }

    func add(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { whenEmpty() }
    }
}
