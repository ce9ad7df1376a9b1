import AsyncHTTP
import Postgres

/// A connection that answers queries, with what is known of who has reported what. One thread uses it.
final class HistoryConnection {
    private let connection: PostgresConnection
    private let limits: HistoryLimits
    private let log: String
    private let now: @Sendable () -> MonotonicInstant
    private let tables: HistoryTables
    private var catalogue: HistoryCatalogue
    private var catalogueMade: MonotonicInstant

    /// Connects, and reads who has reported what.
    ///
    /// - Parameter log: the identity of the log whose rows may not be in the database yet.
    init(
        _ configuration: HistoryQueriesConfiguration,
        log: String,
        now: @escaping @Sendable () -> MonotonicInstant,
        made: (SocketBreaker) -> Void
    ) throws(PostgresError) {
        limits = configuration.limits
        self.log = log
        self.now = now
        connection = try PostgresConnection(configuration.database, made: made)
        guard let schema = try PostgresSchema.find(connection), schema.isReadable else {
            throw PostgresError(.configuration, "the tables are not there yet")
        }
        tables = schema.tables
        catalogue = HistoryCatalogue(limits, schema.tables.runtime)
        catalogueMade = now()
        try catalogue.renew(connection)
        try connection.execute(Self.plans)
        // From now on somebody waits.
        try connection.execute("SET statement_timeout = \(limits.deadline.clampedMilliseconds)")
    }

    /// Whatever the server thinks of a series: there may be a thousand times more of it than of others, and what is not an index in the
    /// order of the answer would read all of them. So every plan is the same for all parameters, and is made once: over the tables
    /// of thirty days that takes longer than most answers.
    static let plans = """
        SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off;
        SET plan_cache_mode = force_generic_plan
        """

    /// How far the database has our log; nil when nobody has begun to write it.
    func boundary() throws(PostgresError) -> HistoryCursor.Boundary? {
        let rows = try connection.query("SELECT sequence, number, rows FROM noetl.cursors WHERE log = $1", [log])
        guard let sequence = rows.integer(0, 0), let number = rows.integer(0, 1), let row = rows.integer(0, 2) else {
            return nil
        }
        return HistoryCursor.Boundary(sequence: sequence, ceiling: RowNumber(log: number, row: row))
    }

    /// Rows in the order of their times, the newest first.
    ///
    /// - Parameters:
    ///   - place: behind which it goes on; nil for the newest.
    ///   - moment: now, in milliseconds since 1970.
    ///   - isAwaited: whether others wait for the connection.
    func page(
        _ query: LogQuery,
        behind place: HistoryKey?,
        _ boundary: HistoryCursor.Boundary,
        at moment: Int64,
        isAwaited: () -> Bool = { false }
    ) throws(PostgresError) -> (rows: [LogPage.Row], rest: HistoryKey?) {
        let began = now()
        // All statements see the same rows: who has reported what is never behind them.
        let found = try reading { () throws(PostgresError) in
            try renew()
            var search = HistorySearch(
                tables.metrics,
                query,
                catalogue.choice(for: query),
                behind: place,
                boundary,
                limits,
                now: moment
            )
            return try search.run(connection, catalogue) {
                let spent = began.duration(to: now())
                return spent >= limits.budget || spent >= limits.sharedBudget && isAwaited()
            }
        }
        guard found.rows.count > query.limit else { return (found.rows.map(\.row), found.rest) }
        let rows = found.rows.prefix(query.limit)
        return (rows.map(\.row), rows.last?.key)
    }

    /// Ends the transaction that has failed. False when the connection cannot be used any more.
    func goesOn() -> Bool { (try? connection.execute("ROLLBACK")) != nil }

    private func renew() throws(PostgresError) {
        if catalogueMade.duration(to: now()) >= limits.catalogueAge {
            catalogue = HistoryCatalogue(limits, tables.runtime)
            catalogueMade = now()
        }
        try catalogue.renew(connection)
    }

    private func reading<Value>(_ body: () throws(PostgresError) -> Value) throws(PostgresError) -> Value {
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let value = try body()
        try connection.execute("COMMIT")
        return value
    }
}
