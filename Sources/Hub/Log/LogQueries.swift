package import AsyncHTTP
import SQLite
import Synchronization

/// Answers queries on a thread of its own, with a connection that only reads: a query holds up no commit.
package final class LogQueries: Sendable {
    private let reader: LogReader
    /// Used on the thread.
    private let catalogue = Mutex(MetricCatalogue())
    private let limits: LogLimits
    private let path: String
    private let clock: @Sendable () -> MonotonicInstant
    private let thread: WorkThread

    /// Blocks, so it is called off the loops.
    package init(
        _ log: Log,
        clock: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) throws(LogError) {
        reader = try log.reader()
        limits = log.configuration.limits
        path = log.configuration.path
        self.clock = clock
        thread = WorkThread(capacity: limits.waitingQueries)
    }

    /// The newest samples that are asked for. An answer that has used its budget has what was found, and where to go on.
    package func answer(_ query: LogQuery) async throws(LogError) -> LogPage {
        try await answer(query) { $0 }
    }

    /// The same, made into something else on the thread of the queries: many rows keep a loop from others.
    package func answer<Value: Sendable>(
        _ query: LogQuery,
        as value: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value {
        var query = query
        query.limit = min(max(query.limit, 1), limits.queryRows)
        do {
            return try await thread.run { [self, query] in value(try run(query)) }
        } catch let error as LogError {
            throw error
        } catch {
            switch error {
            case is CancellationError: throw LogError(.cancelled, path)
            case WorkThread.Refusal.stopped: throw LogError(.closed, path)
            default: throw LogError(.behind, path, detail: "\(limits.waitingQueries) queries wait")
            }
        }
    }

    private func run(_ query: LogQuery) throws(LogError) -> LogPage {
        try reader.withConnection { [self] connection throws(SQLiteError) in
            try connection.database.transaction("BEGIN") { () throws(SQLiteError) in
                var query = query
                if let name = query.name { query.limit(to: try names(for: name, connection.database)) }
                var run = QueryRun(
                    query,
                    on: connection,
                    budget: limits.queryBudget,
                    size: limits.answerSize,
                    clock: clock
                )
                return try run.page()
            }
        }
    }

    private func names(for name: String, _ database: Database) throws(SQLiteError) -> Set<String> {
        try catalogue.withLock { catalogue throws(SQLiteError) in
            try catalogue.renew(database)
            return catalogue.names(for: name)
        }
    }

    /// Answers what waits, and ends the thread. To be called off the loops.
    package func close() {
        thread.stop()
        reader.close()
    }
}
