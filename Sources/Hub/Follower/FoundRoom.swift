import Postgres

/// Room in another program's table: the ranges that it is made of are used, a day is made where there is none, and nothing is
/// dropped that has not been made here.
struct FoundRoom: HistoryRoom {
    /// By which tables that were made here are known from others.
    private static let comment = "made by agent-hub"

    private let table: MetricsTable
    private let limits: FollowerLimits
    private var known: Set<Int64> = []

    init(_ table: MetricsTable, _ limits: FollowerLimits) {
        self.table = table
        self.limits = limits
    }

    mutating func forget() {
        known.removeAll()
    }

    // MARK: Days

    /// Whether days can be told apart, and made.
    private var hasDays: Bool { table.rangeColumn == table.age.column || table.rangeColumn == "timestamp" }

    /// Whether the ranges are those of when samples were taken: any time may be reported, and not every day is made for that.
    private var isBySample: Bool { table.rangeColumn == "timestamp" || table.timestamp == nil }

    mutating func make(
        for reports: [LoggedSamples],
        _ connection: PostgresConnection
    ) throws(PostgresError) -> Set<Int64> {
        guard hasDays else { return [] }
        let arrivals = Set(reports.map { $0.arrived.dividedByDay.day })
        var days = arrivals
        if isBySample { for report in reports { days.formUnion(report.samples.map { $0.time.dividedByDay.day }) } }
        let last = arrivals.max() ?? 0
        let missing = try missing(days, connection)
        let made = missing.filter {
            arrivals.contains($0) || $0 >= last &- limits.daysBack && $0 <= last &+ limits.daysAhead
        }
        try make(made, connection)
        known.formUnion(days.subtracting(missing).union(made))
        return missing.subtracting(made)
    }

    mutating func ensure(_ days: Set<Int64>, _ connection: PostgresConnection) throws(PostgresError) {
        guard hasDays else { return }
        try make(try missing(days, connection), connection)
        known.formUnion(days)
    }

    /// Those of which neither the beginning nor the end fits anywhere.
    private func missing(_ days: Set<Int64>, _ connection: PostgresConnection) throws(PostgresError) -> Set<Int64> {
        let unknown = days.subtracting(known)
        guard let column = table.rangeColumn, !unknown.isEmpty else { return [] }
        let ranges = try connection.query(
            """
            SELECT CASE WHEN inhrelid = partdefid THEN 'true' ELSE pg_get_partition_constraintdef(inhrelid) END
            FROM pg_inherits JOIN pg_partitioned_table ON partrelid = inhparent WHERE inhparent = $1::regclass
            """,
            [table.name]
        )
        let conditions = (0..<ranges.count).compactMap { ranges.text($0, 0).map { "(\($0))" } }
        let type = column == "timestamp" ? table.timestamp?.type : table.createdAt?.type
        let rows = try connection.query(
            """
            SELECT day FROM unnest($1::bigint[]) AS days (day) WHERE NOT EXISTS (
                SELECT FROM (
                    SELECT to_timestamp(day * 86400 + seconds)::\(type ?? "timestamptz") AS \(column)
                    FROM (VALUES (0), (86399.999)) AS ends (seconds)
                ) AS moments WHERE \((["false"] + conditions).joined(separator: " OR "))
            )
            """,
            [ArrayText.of(unknown)]
        )
        return Set((0..<rows.count).compactMap { rows.integer($0, 0) })
    }

    private func make(_ days: Set<Int64>, _ connection: PostgresConnection) throws(PostgresError) {
        for day in days.sorted() {
            let name = name(of: day)
            do throws(PostgresError) {
                try PostgresSchema.alone(connection) { () throws(PostgresError) in
                    if try PostgresSchema.isThere(name, connection) { return }
                    try connection.execute(
                        """
                        CREATE TABLE \(name) PARTITION OF \(table.name) FOR VALUES
                        FROM ('\(HistoryDay.date(day)) 00:00:00+00') TO ('\(HistoryDay.date(day + 1)) 00:00:00+00');
                        COMMENT ON TABLE \(name) IS '\(Self.comment)'
                        """
                    )
                }
            } catch {
                // In the middle of the day there is a range of others: what fits into it has room.
                guard error.state == "42P17" else { throw error }
            }
        }
    }

    /// As the predecessor names days, so that it does not make them once more.
    private func name(of day: Int64) -> String {
        "\(table.name)_\(HistoryDay.date(day).replacing("-", with: "_"))"
    }

    // MARK: Age

    mutating func drop(before day: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        if hasDays { try dropDays(before: day, connection) }
        let logs = try connection.query("SELECT number FROM noetl.cursors ORDER BY number")
        for row in 0..<logs.count {
            guard let number = logs.integer(row, 0) else { continue }
            try delete(from: table.origin(ofLog: number), before: day, connection)
        }
        known = known.filter { $0 >= day }
    }

    /// Days that were made here, and in which nobody else has anything.
    private func dropDays(before day: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        let names = try connection.query(
            """
            SELECT quoted FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                CROSS JOIN LATERAL (SELECT relnamespace::regnamespace || '.' || quote_ident(relname)) AS name (quoted)
            WHERE inhparent = $1::regclass AND obj_description(inhrelid, 'pg_class') = $2
                AND quoted ~ '_[0-9]{4}_[0-9]{2}_[0-9]{2}$' AND quoted < $3 COLLATE "C"
            """,
            [table.name, Self.comment, name(of: day)]
        )
        for row in 0..<names.count {
            guard let name = names.text(row, 0) else { continue }
            let others = try connection.query("SELECT EXISTS (SELECT FROM \(name) WHERE metric_id >= 0)")
            if others.text(0, 0) == "f" { try connection.execute("DROP TABLE \(name)") }
        }
    }

    /// Rows of a log, in the order in which they have arrived, some at a time, up to the first that is not old.
    private func delete(from origin: Int64, before day: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        var deleted = limits.deletions
        while deleted >= limits.deletions {
            let rows = try connection.query(
                """
                WITH oldest AS (
                    SELECT metric_id, \(table.age.column) AS age FROM \(table.name)
                    WHERE metric_id >= $1::bigint AND metric_id < $2::bigint ORDER BY metric_id LIMIT $3::int
                ), gone AS (
                    DELETE FROM \(table.name) WHERE metric_id >= $1::bigint AND metric_id < coalesce(
                        (SELECT min(metric_id) FROM oldest WHERE age >= to_timestamp($4::bigint * 86400)),
                        (SELECT max(metric_id) + 1 FROM oldest)
                    ) RETURNING 1
                ) SELECT count(*) FROM gone
                """,
                ["\(origin)", "\(origin &+ 1 << 48)", "\(limits.deletions)", "\(day)"]
            )
            deleted = Int(rows.integer(0, 0) ?? 0)
        }
    }
}
