import AsyncHTTP
import Postgres

/// Finds in the database what other hubs have written of late: of each of their series the newest sample. One thread uses it.
final class SharedReports {
    /// Rows that are in memory at once.
    private static let portion = 2000
    /// In milliseconds: what arrived earlier is looked for only where all reports are exported for longer.
    private static let longestLook: Int64 = 900_000
    /// Components whose names are remembered.
    private static let remembered = 100_000

    private let connection: PostgresConnection
    /// Of our own log.
    private let log: String
    /// By the numbers of other logs, the last row that was read.
    private var ends: [Int64: Int64] = [:]
    private var components: [Int64: Component] = [:]
    private var tables: HistoryTables?

    /// Connects.
    init(_ database: PostgresConfiguration, besides log: String, made: (SocketBreaker) -> Void) throws(PostgresError) {
        connection = try PostgresConnection(database, made: made)
        self.log = log
    }

    /// What has come since the last time: each component's samples, put together as reports by when they arrived.
    ///
    /// - Parameters:
    ///   - moment: now, in milliseconds since 1970: what has expired is not given.
    ///   - ttl: of reports that do not say, in milliseconds.
    ///   - take: called for each; all are given again when this fails.
    func read(at moment: Int64, ttl: Int64, _ take: (Report) -> Void) throws(PostgresError) {
        // The first hub makes them.
        if tables == nil, let found = try PostgresSchema.find(connection), found.version > 0 { tables = found.tables }
        guard let tables else { return }
        let longest = try connection.query("SELECT max(milliseconds) FROM noetl.lifetimes").integer(0, 0) ?? 0
        let horizon = moment &- max(ttl, min(longest, Self.longestLook))
        var ends = ends
        let cursors = try connection.query(
            "SELECT number, rows FROM noetl.cursors WHERE log <> $1::uuid AND arrived >= \(Self.time(horizon))",
            [log]
        )
        for row in 0..<cursors.count {
            guard let number = cursors.integer(row, 0), let rows = cursors.integer(row, 1) else { continue }
            let origin = tables.metrics.origin(ofLog: number)
            let (before, end) = (ends[number] ?? origin, origin &+ rows)
            if end > before {
                try read(tables, after: before, through: end, since: horizon) { report in
                    let lifetime = report.ttl.map { $0.clampedNanoseconds / 1_000_000 } ?? ttl
                    // That hub's clock may be ahead of ours.
                    if report.arrived > moment &- lifetime { take(report.arrived(by: moment)) }
                }
            }
            ends[number] = end
        }
        self.ends = ends
    }

    private func read(
        _ tables: HistoryTables,
        after before: Int64,
        through end: Int64,
        since horizon: Int64,
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
                WHERE metric_id > \(before) AND metric_id <= \(end) AND created_at >= \(Self.time(horizon))
                    AND isfinite(timestamp) AND isfinite(created_at)
                ORDER BY runtime_id, metric_name, labels, metric_id DESC
                """
            )
            var collection = SampleCollection()
            while true {
                let rows = try connection.query("FETCH \(Self.portion) FROM shared")
                try meet(rows, tables.runtime)
                for row in 0..<rows.count {
                    guard let number = rows.integer(row, 0), let component = components[number],
                        let arrived = rows.integer(row, 1), let metric = ReportedMetric(rows, row)
                    else { continue }
                    collection.add(metric, of: component, arrived: arrived, ttl: rows.integer(row, 9), take)
                }
                if rows.count < Self.portion { break }
            }
            collection.end(take)
        }
    }

    /// Asks who has numbers that have not been met.
    private func meet(_ rows: PostgresRows, _ table: RuntimeTable) throws(PostgresError) {
        var strangers: Set<Int64> = []
        for row in 0..<rows.count {
            if let number = rows.integer(row, 0), components[number] == nil { strangers.insert(number) }
        }
        if strangers.isEmpty { return }
        if components.count + strangers.count > Self.remembered { components.removeAll() }
        let found = try connection.query(
            "SELECT runtime_id, kind, name, instance FROM \(table.source) AS runtime WHERE runtime_id = ANY ($1::bigint[])",
            [ArrayText.of(Array(strangers))]
        )
        for row in 0..<found.count {
            guard let number = found.integer(row, 0), let type = found.text(row, 1), let name = found.text(row, 2)
            else { continue }
            components[number] = Component(type: type, name: name, instance: found.text(row, 3))
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

/// Rows of one component after the other become reports.
private struct SampleCollection {
    private var component: Component?
    private var ttl: Duration?
    private var metrics: [Int64: [ReportedMetric]] = [:]

    mutating func add(
        _ metric: ReportedMetric,
        of owner: Component,
        arrived: Int64,
        ttl milliseconds: Int64?,
        _ take: (Report) -> Void
    ) {
        if component != owner {
            end(take)
            component = owner
            ttl = milliseconds.map { .milliseconds($0) }
        }
        metrics[arrived, default: []].append(metric)
    }

    mutating func end(_ take: (Report) -> Void) {
        guard let component else { return }
        for (arrived, metrics) in metrics {
            take(Report(component: component, ttl: ttl, metrics: metrics, arrived: arrived))
        }
        metrics.removeAll()
    }
}

extension ReportedMetric {
    /// Nil for what this hub would not have taken: others may write into the table.
    fileprivate init?(_ rows: PostgresRows, _ row: Int) {
        guard let name = rows.text(row, 2), ReportedName.isMetricName(name), !ReportedName.isReserved(name),
            let kind = rows.text(row, 3).flatMap({ ReportedKind(name: $0) }),
            let value = rows.text(row, 4).flatMap({ Double($0) }), let time = rows.integer(row, 5),
            let labels = LabelText.read(rows.text(row, 6)), labels.allSatisfy({ ReportedName.isLabelName($0.name) })
        else { return nil }
        self.init(
            name: name,
            kind: kind,
            value: value,
            time: time,
            labels: labels.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            help: rows.text(row, 7),
            unit: rows.text(row, 8)
        )
    }
}
