package import AsyncHTTP

/// Keeps reports in the log, and answers from it.
package struct LogStore: Store {
    private let durable: Log
    private let queries: LogQueries
    /// For what is asked at the start.
    private let reader: LogReader
    /// Reports that are in memory at once.
    private static let portion = 500

    /// Opens the log. Blocks, so it is called off the loops.
    package init(_ configuration: LogConfiguration) throws(LogError) {
        try self.init(of: Log(configuration))
    }

    /// Becomes the owner of a log that is open.
    init(of log: Log) throws(LogError) {
        durable = log
        queries = try LogQueries(log)
        reader = try log.reader()
    }

    package let name = "sqlite"
    package var log: Log? { durable }
    package var backlog: Int { durable.backlog }
    package var size: ByteCount { durable.size }
    package var isFull: Bool { durable.isFull }

    package func append(_ report: Report) async throws(LogError) -> Appended { try await durable.append(report) }

    package func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value { try await queries.answer(query, as: make) }

    package func register(_ component: Component, at moment: Int64) async throws(LogError) {
        try await durable.register(component, at: moment)
    }

    package func deregister(_ component: Component) async throws(LogError) { try await durable.deregister(component) }

    package func registered() throws(LogError) -> [Component] { try reader.registered() }

    package func unexpired(
        at moment: Int64,
        ttl: Duration,
        after sequence: Int64
    ) throws(LogError) -> [LoggedReport] {
        try reader.unexpired(at: moment, ttl: ttl, after: sequence, limit: Self.portion)
    }

    package func tidy(at moment: Int64) async throws(LogError) { try await durable.tidy(at: moment) }

    package func endOverdue(at now: MonotonicInstant) { durable.endOverdue(at: now) }

    package func close() {
        queries.close()
        reader.close()
        durable.close()
    }
}
