package import AsyncHTTP

/// Keeps reports in the log, and answers from it.
package struct LogStore: Store {
    package let log: Log
    private let queries: LogQueries

    /// Opens the log. Blocks, so it is called off the loops.
    package init(_ configuration: LogConfiguration) throws(LogError) {
        log = try Log(configuration)
        queries = try LogQueries(log)
    }

    package let name = "sqlite"
    package var backlog: Int { log.backlog }
    package var size: ByteCount { log.size }
    package var isFull: Bool { log.isFull }

    package func append(_ report: Report) async throws(LogError) -> Appended { try await log.append(report) }

    package func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value { try await queries.answer(query, as: make) }

    package func register(_ component: Component, at moment: Int64) async throws(LogError) {
        try await log.register(component, at: moment)
    }

    package func deregister(_ component: Component) async throws(LogError) { try await log.deregister(component) }

    package func tidy(at moment: Int64) async throws(LogError) { try await log.tidy(at: moment) }

    package func endOverdue(at now: MonotonicInstant) { log.endOverdue(at: now) }

    package func close() {
        queries.close()
        log.close()
    }
}
