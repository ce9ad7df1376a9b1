import Postgres

/// The tables of days that `noetl.metrics` is made of. A day is one of UTC, and of `created_at`.
struct HistoryPartitions: HistoryRoom {
    private static let prefix = "metrics_"

    private var known: Set<Int64> = []

    mutating func make(
        for reports: [LoggedSamples],
        _ connection: PostgresConnection
    ) throws(PostgresError) -> Set<Int64> {
        try ensure(Set(reports.lazy.map { $0.arrived.dividedByDay.day }), connection)
        return []
    }

    mutating func forget() {
        known.removeAll()
    }

    /// Makes the tables of those days that have none.
    mutating func ensure(_ days: Set<Int64>, _ connection: PostgresConnection) throws(PostgresError) {
        let wanted = days.subtracting(known)
        if wanted.isEmpty { return }
        var missing: [Int64] = []
        for day in wanted.sorted() where try !Self.isThere(day, connection) { missing.append(day) }
        if !missing.isEmpty {
            try PostgresSchema.alone(connection) { () throws(PostgresError) in
                for day in missing { try Self.make(day, connection) }
            }
        }
        known.formUnion(wanted)
    }

    /// Drops the tables of days before that one.
    mutating func drop(before day: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        let names = try connection.query(
            """
            SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = 'noetl.metrics'::regclass AND relname ~ '^\(Self.prefix)[0-9]{8}$' AND relname < $1
            ORDER BY relname
            """,
            [Self.name(of: day)]
        )
        for row in 0..<names.count {
            guard let name = names.text(row, 0) else { continue }
            try connection.execute("DROP TABLE IF EXISTS noetl.\(name)")
        }
        known = known.filter { $0 >= day }
    }

    private static func isThere(_ day: Int64, _ connection: PostgresConnection) throws(PostgresError) -> Bool {
        let name = "noetl.\(name(of: day))"
        let found = try connection.query("SELECT relispartition FROM pg_class WHERE oid = to_regclass($1)", [name])
        if found.text(0, 0) == "f" {
            throw PostgresError(
                .configuration,
                "\(name) is a table, but no part of noetl.metrics: attach it again, or rename it"
            )
        }
        return found.count > 0
    }

    private static func make(_ day: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        do throws(PostgresError) {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS noetl.\(name(of: day)) PARTITION OF noetl.metrics
                FOR VALUES FROM ('\(HistoryDay.date(day)) 00:00:00+00') TO ('\(HistoryDay.date(day + 1)) 00:00:00+00')
                """
            )
        } catch {
            guard error.kind == .permission else { throw error }
            throw PostgresError(
                .permission,
                state: error.state,
                "the table of a day is missing, noetl.\(name(of: day)), and this role may not make it; the owner of the tables makes "
                    + "those of three days with `agent-hub postgres init`: \(error.message)"
            )
        }
    }

    private static func name(of day: Int64) -> String { prefix + HistoryDay.date(day).filter { $0 != "-" } }
}
