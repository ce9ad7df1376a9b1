import Postgres

/// The tables that the history is in: made here, or found as another program has made them.
package struct HistoryTables: Sendable, Hashable {
    package let metrics: MetricsTable
    package let runtime: RuntimeTable

    /// As they are when there was nothing.
    package static let own = HistoryTables(metrics: .ours, runtime: .ours)

    package var isOwn: Bool { self == .own }

    /// Those of `metrics` and `runtime` that are made here.
    var made: [String] { (metrics.isOurs ? ["metrics"] : []) + (runtime.isOurs ? ["runtime"] : []) }

    /// Which of them others have made. A table that is not there is ours to make.
    ///
    /// The predecessor writes into `noetl.metric`, and its documents speak of `noetl.metrics`.
    /// - Parameter made: what was made here.
    static func find(made: Set<String>, _ connection: PostgresConnection) throws(PostgresError) -> HistoryTables {
        var (metrics, runtime) = (MetricsTable.ours, RuntimeTable.ours)
        if !made.contains("metrics") {
            for name in ["noetl.metric", "noetl.metrics"] where metrics.isOurs {
                if let found = try FoundTable(name, connection) { metrics = try MetricsTable(found, connection) }
            }
        }
        if !made.contains("runtime"), let found = try FoundTable(RuntimeTable.name, connection) {
            runtime = try RuntimeTable(found, connection)
        }
        return HistoryTables(metrics: metrics, runtime: runtime)
    }
}
