/// What answers the requests of a server. It runs on the connection's loop and must not block it.
///
/// An error thrown before anything was sent becomes the answer: 413 or 400 when it is about the request's body, 500 otherwise.
public typealias RequestHandler = @Sendable (Request, consuming Responder) async throws -> Answer

/// What the connections of one loop share.
final class ServerContext: Sendable {
    let loop: EventLoop
    let limits: ServerLimits
    let handler: RequestHandler
    let counters = ServerCounters()
    /// How many connections all loops of the server have open.
    let gate: ConnectionGate
    private let bound: ThreadBound<Shared>

    /// The part that belongs to the loop's thread.
    final class Shared {
        var dateLine = DateLine()
        var isDraining = false
        /// Called when the last connection has ended.
        var whenEmpty: () -> Void = {}
        private(set) var connections: [ObjectIdentifier: Connection] = [:]

        func add(_ connection: Connection) {
            connections[ObjectIdentifier(connection)] = connection
        }

        func remove(_ connection: Connection) {
            connections[ObjectIdentifier(connection)] = nil
            if connections.isEmpty { whenEmpty() }
        }
    }

    init(loop: EventLoop, limits: ServerLimits, gate: ConnectionGate, handler: @escaping RequestHandler) {
        self.loop = loop
        self.limits = limits
        self.gate = gate
        self.handler = handler
        bound = loop.bind(Shared())
    }

    var shared: Shared { bound.value }
}
