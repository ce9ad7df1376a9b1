public import AsyncHTTP

/// Tests what a server answers, without a socket: a handler, the limits, and a connection in memory.
public struct HandlerTest: Sendable {
    /// How the peer ends after its last byte.
    public enum End: Sendable, Hashable, CaseIterable {
        /// It says that it has finished, and reads on.
        case finishes
        /// It vanishes.
        case vanishes
    }

    private let limits: ServerLimits
    private let handler: RequestHandler

    /// - Parameter handler: what answers, such as a router's `handle`.
    public init(limits: ServerLimits = ServerLimits(), handler: @escaping RequestHandler) {
        self.limits = limits
        self.handler = handler
    }

    /// Sends bytes as a peer would, and returns everything that the server answers until it closes the connection.
    public func exchange(
        _ request: [UInt8],
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> [UInt8] {
        try run(request, conditions, end).answer
    }

    /// The same for text; what is answered is read as UTF-8.
    public func exchange(
        _ request: String,
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> String {
        String(decoding: try exchange(Array(request.utf8), over: conditions, end: end), as: UTF8.self)
    }

    /// What the server has counted when the connection is over.
    public func statistics(
        after request: [UInt8],
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> ServerStatistics {
        try run(request, conditions, end).statistics
    }

    private func run(
        _ request: [UInt8],
        _ conditions: NetworkConditions,
        _ end: End
    ) throws -> (answer: [UInt8], statistics: ServerStatistics) {
        try withEventLoops { [limits, handler] group in
            let exchange = MemoryExchange(conditions, limits: limits, on: group.first, handler: handler)
            return await exchange.run(request, end)
        }
    }
}
