import AsyncHTTP
import Postgres

/// Finds in the database what other hubs have written of late: of each of their series the newest sample. One thread uses it.
final class SharedReports {
    private let connection: PostgresConnection
    /// Of our own log.
    private let log: String
    private let limits: SharingLimits
    /// By the numbers of other logs.
    private var unread: [Int64: UnreadRows] = [:]
    private var components: [Int64: Component] = [:]
    private var tables: HistoryTables?
    private var hasLongLived = false

    /// Connects.
    init(
        _ database: PostgresConfiguration,
        besides log: String,
        limits: SharingLimits = SharingLimits(),
        made: (SocketBreaker) -> Void
    ) throws(PostgresError) {
        connection = try PostgresConnection(database, made: made)
        self.log = log
        self.limits = limits
    }

    /// What has come since the last time, of each log as much as one look goes through: each component's samples, put together as
    /// reports by when they arrived.
    ///
    /// - Parameters:
    ///   - moment: now, in milliseconds since 1970: what has expired is not given.
    ///   - ttl: of reports that do not say, in milliseconds.
    ///   - take: called for each.
    /// - Returns: whether there is more that was written before.
    func read(at moment: Int64, ttl: Int64, _ take: (Report) -> Void) throws(PostgresError) -> Bool {
        // The first hub makes them.
        if tables == nil, let found = try PostgresSchema.find(connection), found.version > 0 { tables = found.tables }
        guard let tables else { return false }
        let longest = try connection.query("SELECT max(milliseconds) FROM noetl.lifetimes").integer(0, 0) ?? 0
        let horizon = moment &- max(ttl, min(longest, limits.look.clampedMilliseconds))
        func give(_ report: Report) {
            let lifetime = report.ttl?.clampedMilliseconds ?? ttl
            // That hub's clock may be ahead of ours.
            if report.arrived > moment &- lifetime { take(report.arrived(by: moment)) }
        }
        if !hasLongLived {
            try readLongLived(tables, at: moment, before: horizon, give)
            hasLongLived = true
        }
        try meetLogs(tables, since: horizon)
        for number in unread.keys {
            guard let stretch = unread[number]?.next(limits.slice) else { continue }
            let condition = "metric_id > \(stretch.after) AND metric_id <= \(stretch.through)"
            let rows = try read(tables, where: "\(condition) AND created_at >= \(Self.time(horizon))", give)
            unread[number]?.remove(stretch, wasOld: rows == 0)
        }
        return unread.values.contains { !$0.isEmpty }
    }

    private func meetLogs(_ tables: HistoryTables, since horizon: Int64) throws(PostgresError) {
        let cursors = try connection.query(
            "SELECT number, rows FROM noetl.cursors WHERE log <> $1::uuid AND arrived >= \(Self.time(horizon))",
            [log]
        )
        for row in 0..<cursors.count {
            guard let number = cursors.integer(row, 0), let rows = cursors.integer(row, 1) else { continue }
            let origin = tables.metrics.origin(ofLog: number)
            unread[number, default: UnreadRows(after: origin)].meet(through: origin &+ rows)
        }
    }

    /// What is older than is looked for otherwise, of components whose reports are exported for longer.
    private func readLongLived(
        _ tables: HistoryTables,
        at moment: Int64,
        before horizon: Int64,
        _ take: (Report) -> Void
    ) throws(PostgresError) {
        let logs = try connection.query("SELECT number FROM noetl.cursors WHERE log = $1::uuid", [log])
        let own = RowNumber(log: logs.integer(0, 0) ?? 0, row: 0)
        _ = try read(
            tables,
            where: """
                created_at < \(Self.time(horizon)) AND created_at >= \(Self.time(moment &- limits.longest.clampedMilliseconds))
                AND created_at >= to_timestamp((\(moment) - lived.milliseconds) / 1000.0)
                AND NOT metric_id BETWEEN \(own.identifier(in: tables.metrics)) AND \(own.last(in: tables.metrics))
                """,
            of: """
                JOIN (
                    SELECT * FROM noetl.lifetimes WHERE milliseconds > \(moment &- horizon)
                    ORDER BY milliseconds LIMIT \(limits.longLived)
                ) AS lived USING (runtime_id)
                """,
            take
        )
    }

    /// - Returns: how many series have been found.
    private func read(
        _ tables: HistoryTables,
        where condition: String,
        of some: String = "",
        _ take: (Report) -> Void
    ) throws(PostgresError) -> Int {
        try connection.transaction { () throws(PostgresError) in
            try connection.execute(
                """
                DECLARE shared NO SCROLL CURSOR FOR
                SELECT DISTINCT ON (runtime_id, metric_name, labels) runtime_id,
                    (extract(epoch FROM created_at) * 1000)::bigint, metric_name, metric_type, metric_value,
                    (extract(epoch FROM timestamp) * 1000)::bigint, labels, help_text, unit,
                    (SELECT milliseconds FROM noetl.lifetimes WHERE lifetimes.runtime_id = metrics.runtime_id)
                FROM \(tables.metrics.source) AS metrics \(some)
                WHERE \(condition) AND isfinite(timestamp) AND isfinite(created_at)
                ORDER BY runtime_id, metric_name, labels, metric_id DESC
                """
            )
            var collection = SampleCollection()
            var count = 0
            while true {
                let rows = try connection.query("FETCH \(limits.portion) FROM shared")
                try meet(rows, tables.runtime)
                count += rows.count
                for row in 0..<rows.count {
                    guard let number = rows.integer(row, 0), let component = components[number],
                        let arrived = rows.integer(row, 1), let metric = ReportedMetric(shared: rows, row)
                    else { continue }
                    collection.add(metric, of: component, arrived: arrived, ttl: rows.integer(row, 9), take)
                }
                if rows.count < limits.portion { break }
            }
            collection.end(take)
            return count
        }
    }

    /// Asks who has numbers that have not been met.
    private func meet(_ rows: PostgresRows, _ table: RuntimeTable) throws(PostgresError) {
        var strangers: Set<Int64> = []
        for row in 0..<rows.count {
            if let number = rows.integer(row, 0), components[number] == nil { strangers.insert(number) }
        }
        if strangers.isEmpty { return }
        if components.count + strangers.count > limits.components { components.removeAll() }
        for found in try table.components(of: Array(strangers), connection) {
            components[found.number] = found.component
        }
    }

    private static func time(_ milliseconds: Int64) -> String { "to_timestamp(\(milliseconds) / 1000.0)" }
}

extension Report {
    /// The same, arrived then or earlier.
    fileprivate func arrived(by moment: Int64) -> Report {
        if arrived <= moment { return self }
        return Report(component: component, reportID: reportID, ttl: ttl, metrics: metrics, arrived: moment)
    }
}
