/// A connection without a server around it: serves a stream that nobody had to accept.
package enum LoneConnection {
    /// Serves until the stream ends, on the loop that it belongs to.
    ///
    /// - Returns: what was counted.
    package static func serve(
        _ stream: ByteStream,
        limits: ServerLimits,
        on loop: EventLoop,
        security: StreamSecurity? = nil,
        middleware: [any Middleware] = [],
        standing: StandingAnswers? = nil,
        handler: @escaping RequestHandler
    ) async -> ServerStatistics {
        let counters = ServerCounters()
        let budget = PendingBudget(limits.pendingBytes)
        let capacity = ConnectionCapacity(connections: 1, rejections: 0)
        let context = ServerContext(
            loop: loop,
            limits: limits,
            counters: counters,
            gate: ConnectionGate(capacity),
            budget: budget,
            security: security,
            middleware: middleware,
            standing: standing,
            handler: handler
        )
        let connection = Connection(context.secured(stream), context: context, isWelcome: true)
        context.add(connection)
        await connection.run()
        var statistics = ServerStatistics()
        counters.add(to: &statistics)
        statistics.pendingBytes = budget.used
        return statistics
    }
}
