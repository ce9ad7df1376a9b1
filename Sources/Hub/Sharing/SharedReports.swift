import AsyncHTTP
import Postgres

/// Finds in the database what other hubs have written of late: of each of their series the newest sample. One thread uses it.
final class SharedReports {
    private let connection: PostgresConnection
    /// Of our own log.
    private let log: String
    private let limits: SharingLimits
    /// By the numbers of other logs: what has been read, and what there is.
    private var places: [Int64: (read: Int64, last: Int64)] = [:]
    private var components: [Int64: Component] = [:]
    private var tables: HistoryTables?

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
        let oldest = moment &- max(ttl, longest)
        try meetLogs(
            tables,
            since: oldest,
            beginning: moment &- max(ttl, min(longest, limits.look.clampedMilliseconds))
        )
        for (number, place) in places where place.read < place.last {
            let end = place.last &- place.read > limits.slice ? place.read &+ max(1, limits.slice) : place.last
            try read(tables, after: place.read, through: end, since: oldest) { report in
                let lifetime = report.ttl?.clampedMilliseconds ?? ttl
                // That hub's clock may be ahead of ours.
                if report.arrived > moment &- lifetime { take(report.arrived(by: moment)) }
            }
            places[number]?.read = end
        }
        return places.values.contains { $0.read < $0.last }
    }

    /// - Parameters:
    ///   - oldest: what arrived before is exported nowhere.
    ///   - beginning: what arrived before is not looked for in a log that was not known.
    private func meetLogs(
        _ tables: HistoryTables,
        since oldest: Int64,
        beginning: Int64
    ) throws(PostgresError) {
        let cursors = try connection.query(
            "SELECT number, rows FROM noetl.cursors WHERE log <> $1::uuid AND arrived >= \(Self.time(oldest))",
            [log]
        )
        for row in 0..<cursors.count {
            guard let number = cursors.integer(row, 0), let rows = cursors.integer(row, 1) else { continue }
            let origin = tables.metrics.origin(ofLog: number)
            let last = origin &+ rows
            let read: Int64
            if let known = places[number] {
                read = known.read
            } else {
                read = try start(tables, after: origin, through: last, at: beginning)
            }
            places[number] = (min(read, last), last)
        }
    }

    /// The number before the first row that arrived at a moment or later: a log's rows are numbered as they have arrived.
    private func start(
        _ tables: HistoryTables,
        after origin: Int64,
        through last: Int64,
        at moment: Int64
    ) throws(PostgresError) -> Int64 {
        var (low, high) = (origin, last)
        while low < high {
            let middle = low &+ (high &- low) / 2
            // Not every number has a row.
            let next = try connection.again(
                """
                SELECT metric_id, created_at >= to_timestamp($3::bigint / 1000.0) FROM \(tables.metrics.source) AS metrics
                WHERE metric_id > $1::bigint AND metric_id <= $2::bigint ORDER BY metric_id LIMIT 1
                """,
                ["\(middle)", "\(high)", "\(moment)"]
            )
            if let number = next.integer(0, 0), next.text(0, 1) == "f" { low = number } else { high = middle }
        }
        return low
    }

    private func read(
        _ tables: HistoryTables,
        after before: Int64,
        through end: Int64,
        since oldest: Int64,
        _ take: (Report) -> Void
    ) throws(PostgresError) {
        try connection.transaction { () throws(PostgresError) in
            try connection.execute(
                """
                DECLARE shared NO SCROLL CURSOR FOR
                SELECT DISTINCT ON (runtime_id, metric_name, labels) runtime_id,
                    (extract(epoch FROM created_at) * 1000)::bigint, metric_name, metric_type, metric_value,
                    (extract(epoch FROM timestamp) * 1000)::bigint, labels, help_text, unit,
                    (SELECT milliseconds FROM noetl.lifetimes WHERE lifetimes.runtime_id = metrics.runtime_id)
                FROM \(tables.metrics.source) AS metrics
                WHERE metric_id > \(before) AND metric_id <= \(end) AND created_at >= \(Self.time(oldest))
                    AND isfinite(timestamp) AND isfinite(created_at)
                ORDER BY runtime_id, metric_name, labels, metric_id DESC
                """
            )
            var collection = SampleCollection()
            while true {
                let rows = try connection.query("FETCH \(limits.portion) FROM shared")
                try meet(rows, tables.runtime)
                for row in 0..<rows.count {
                    guard let number = rows.integer(row, 0), let component = components[number],
                        let arrived = rows.integer(row, 1), let metric = ReportedMetric(shared: rows, row)
                    else { continue }
                    collection.add(metric, of: component, arrived: arrived, ttl: rows.integer(row, 9), take)
                }
                if rows.count < limits.portion { break }
            }
            collection.end(take)
        }
    }

    /// Asks who has numbers that have not been met.
    private func meet(_ rows: PostgresRows, _ table: RuntimeTable) throws(PostgresError) {
        let numbers = Set((0..<rows.count).compactMap { rows.integer($0, 0) })
        var strangers = numbers.filter { components[$0] == nil }
        if strangers.isEmpty { return }
        if components.count + strangers.count > limits.components {
            components.removeAll()
            strangers = numbers
        }
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
