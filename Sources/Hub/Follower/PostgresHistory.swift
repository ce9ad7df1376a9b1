import AsyncHTTP
import Postgres

/// The history of one log in a database: what is written, and how far, is decided by the database alone.
///
/// A transaction takes the log's row in `noetl.cursors` first, if it is still where we left it. So nothing is written twice: not
/// when it is unknown whether a commit has succeeded, and not while a server still works for a connection that is gone.
final class PostgresHistory: HistoryTarget {
    private let connection: PostgresConnection
    private let log: Log
    private let retention: Duration?
    private let limits: FollowerLimits
    private(set) var cursor: Int64
    /// When the last report that was there at first had arrived.
    let arrived: Int64?
    private let table: MetricsTable
    private var room: any HistoryRoom
    private var directory: RuntimeDirectory
    private var rows: MetricRows
    private var series: SeriesDirectory
    /// The server reads these while the next are put together.
    private static let rowsAtOnce = 100

    /// Connects, makes the tables where they are missing, and finds where it had come to.
    init(
        _ configuration: FollowerConfiguration,
        of log: Log,
        _ reader: LogReader,
        made: (SocketBreaker) -> Void
    ) throws(PostgresError) {
        connection = try PostgresConnection(configuration.database, made: made)
        self.log = log
        retention = configuration.retention
        limits = configuration.limits
        let tables = try PostgresSchema.prepare(connection).tables
        table = tables.metrics
        room = Self.room(table, limits)
        directory = RuntimeDirectory(limits, tables.runtime)
        rows = MetricRows(limits, table) { number throws(LogError) in try reader.metric(of: number) }
        series = SeriesDirectory(limits, retention: retention)
        (cursor, arrived) = try Self.cursor(of: log.identity, connection)
    }

    /// Makes the tables, and those of the days to come, for whoever writes without the right to make any.
    static func prepare(
        _ connection: PostgresConnection,
        _ limits: FollowerLimits,
        at moment: Int64
    ) throws(PostgresError) -> PostgresSchema {
        let schema = try PostgresSchema.prepare(connection)
        var room = Self.room(schema.tables.metrics, limits)
        let today = moment.dividedByDay.day
        try room.ensure(Set(today...(today + max(0, limits.daysAhead))), connection)
        return schema
    }

    private static func room(_ table: MetricsTable, _ limits: FollowerLimits) -> any HistoryRoom {
        table.isOurs ? HistoryPartitions() : FoundRoom(table, limits)
    }

    private static func cursor(
        of log: String,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> (sequence: Int64, arrived: Int64?) {
        let question = "SELECT sequence, (extract(epoch FROM arrived) * 1000)::bigint FROM noetl.cursors WHERE log = $1"
        var known = try connection.query(question, [log])
        if known.count == 0 {
            try connection.query("INSERT INTO noetl.cursors (log) VALUES ($1) ON CONFLICT DO NOTHING", [log])
            known = try connection.query(question, [log])
        }
        return (known.integer(0, 0) ?? 0, known.integer(0, 1))
    }

    func write(_ reports: [LoggedSamples], meanwhile: () -> Void = {}) throws(PostgresError) -> WrittenHistory {
        guard let last = reports.last?.sequence else { return WrittenHistory() }
        let written: WrittenHistory
        do throws(PostgresError) {
            written = try write(reports, asideIfRefused: false, meanwhile)
        } catch {
            guard error.kind == .row else { throw error }
            // It may be that somebody has taken away what we think is there. If it is the rows, they are found one by one.
            directory.forget()
            rows.forget()
            room.forget()
            series.forget()
            written = try write(reports, asideIfRefused: true) {}
        }
        cursor = last
        return written
    }

    private func write(
        _ reports: [LoggedSamples],
        asideIfRefused: Bool,
        _ meanwhile: () -> Void
    ) throws(PostgresError) -> WrittenHistory {
        let daysWithoutRoom = try room.make(for: reports, connection)
        let strangers = try note(reports, asideIfRefused: asideIfRefused)
        return try connection.transaction { () throws(PostgresError) in
            var identifier = try takeCursor(reports)
            let duplicates = try ReportIdentities.duplicates(among: reports, of: log, directory, connection)
            var places: [MetricRows.Place] = []
            var outside: [(place: MetricRows.Place, error: PostgresError)] = []
            for (number, report) in reports.enumerated() where !duplicates.contains(report.sequence) {
                for sample in report.samples.indices {
                    identifier &+= 1
                    let place = MetricRows.Place(report: number, sample: sample, identifier: identifier)
                    if let error = strangers[report.component] {
                        outside.append((place, error))
                    } else if !daysWithoutRoom.isEmpty,
                        daysWithoutRoom.contains(report.samples[sample].time.dividedByDay.day)
                    {
                        outside.append((place, Self.noRoom))
                    } else {
                        places.append(place)
                    }
                }
            }
            var written = WrittenHistory()
            written.reports = Int64(reports.count - duplicates.count)
            written.duplicates = Int64(duplicates.count)
            if asideIfRefused {
                written.refused = try copyOrSetAside(places[...], of: reports)
            } else {
                try copy(places[...], of: reports, meanwhile)
            }
            for (place, error) in outside { try setAside(place, of: reports, error) }
            try series.write(connection)
            written.rows = Int64(places.count) - written.refused
            written.refused += Int64(outside.count)
            return written
        }
    }

    /// - Returns: components whose row the database does not take, and why.
    private func note(
        _ reports: [LoggedSamples],
        asideIfRefused: Bool
    ) throws(PostgresError) -> [Component: PostgresError] {
        do throws(PostgresError) {
            if try directory.note(reports, connection) { rows.forget() }
            return [:]
        } catch {
            guard asideIfRefused, error.kind == .row else { throw error }
        }
        var refused: [Component: PostgresError] = [:]
        for (component, reports) in Dictionary(grouping: reports, by: \.component) {
            do throws(PostgresError) {
                if try directory.note(reports, connection) { rows.forget() }
            } catch {
                guard error.kind == .row else { throw error }
                refused[component] = error
            }
        }
        return refused
    }

    /// Moves the cursor behind the reports.
    /// - Returns: the number before the first that may be given to rows.
    private func takeCursor(_ reports: [LoggedSamples]) throws(PostgresError) -> Int64 {
        let last = reports.last
        let rows = reports.reduce(0) { $0 + $1.samples.count }
        let taken = try connection.query(
            """
            UPDATE noetl.cursors SET sequence = $3::bigint, rows = rows + $4::bigint,
                arrived = to_timestamp($5::bigint / 1000.0), updated_at = now()
            WHERE log = $1::uuid AND sequence = $2::bigint RETURNING number, rows
            """,
            [log.identity, "\(cursor)", "\(last?.sequence ?? cursor)", "\(rows)", "\(last?.arrived ?? 0)"]
        )
        guard let number = taken.integer(0, 0), let end = taken.integer(0, 1) else {
            throw PostgresError(.conflict, "somebody else has written reports of this log")
        }
        return table.origin(ofLog: number) &+ end &- Int64(rows)
    }

    // MARK: Rows

    private static let noRoom = PostgresError(.row, state: "23514", "no partition is made for so old a time")

    private func copy(
        _ places: ArraySlice<MetricRows.Place>,
        of reports: [LoggedSamples],
        _ meanwhile: () -> Void = {}
    ) throws(PostgresError) {
        var rest = places
        _ = try connection.copy(into: table.target, meanwhile: meanwhile) { text throws(PostgresError) in
            let next = rest.prefix(Self.rowsAtOnce)
            rest = rest.dropFirst(next.count)
            try rows.append(next, of: reports, to: &text, directory, &series)
            return !next.isEmpty
        }
    }

    /// Finds what is refused by halving: all others are copied.
    /// - Returns: how many rows were set aside.
    private func copyOrSetAside(
        _ places: ArraySlice<MetricRows.Place>,
        of reports: [LoggedSamples]
    ) throws(PostgresError) -> Int64 {
        if places.isEmpty { return 0 }
        try connection.execute("SAVEPOINT part")
        do throws(PostgresError) {
            try copy(places, of: reports)
            try connection.execute("RELEASE part")
            return 0
        } catch {
            guard error.kind == .row else { throw error }
            try connection.execute("ROLLBACK TO part; RELEASE part")
            if places.count == 1, let only = places.first {
                try setAside(only, of: reports, error)
                return 1
            }
            let middle = places.startIndex + places.count / 2
            return try copyOrSetAside(places[..<middle], of: reports) &+ copyOrSetAside(places[middle...], of: reports)
        }
    }

    private func setAside(
        _ place: MetricRows.Place,
        of reports: [LoggedSamples],
        _ error: PostgresError
    ) throws(PostgresError) {
        var text = CopyText()
        try rows.append([place], of: reports, to: &text, directory, &series)
        try connection.query(
            """
            INSERT INTO noetl.refused (log, sequence, place, state, reason, row)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """,
            [
                log.identity, "\(reports[place.report].sequence)", "\(place.sample)", error.state, error.message,
                String(decoding: text.bytes.dropLast(), as: UTF8.self),
            ]
        )
    }

    func check() throws(PostgresError) { try connection.check() }

    // MARK: Upkeep

    func maintain(at moment: Int64) throws(PostgresError) {
        // So that all series that are still written are noted again.
        rows.forget()
        let clock = "SELECT (extract(epoch FROM \(limits.serverClock)) * 1000)::bigint"
        let server = try connection.query(clock).integer(0, 0) ?? moment
        let (now, today) = (min(moment, server), moment.dividedByDay.day)
        try room.ensure(Set(today...(today + max(0, limits.daysAhead))), connection)
        try series.maintain(at: now, connection)
        try ReportLifetimes.maintain(connection)
        try ReportIdentities.delete(
            before: now &- limits.reportIDs.clampedMilliseconds,
            atOnce: limits.deletions,
            connection
        )
        // Last, for who may only read and write may not do this.
        if let retention {
            let oldest = now &- retention.clampedMilliseconds
            try room.drop(before: oldest.dividedByDay.day, connection)
        }
    }
}
