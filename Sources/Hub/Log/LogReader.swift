import AsyncHTTP
import SQLite
import Synchronization

/// A connection that reads the log in its order, for a follower, an export or a check. Its calls block; one is served at a time.
package final class LogReader: Sendable {
    /// A read does not hold more than this, whatever its limit: samples, over which it goes by one report at most.
    private static let samples = 100_000

    struct Connection {
        let database: Database
        let known: KnownSeries
    }

    private let path: String
    /// Nil when it has been closed.
    private let connection: Mutex<Connection?>

    /// - Parameters:
    ///   - place: the file, without links.
    ///   - path: as people know it.
    init(place: String, path: String) throws(LogError) {
        self.path = path
        connection = Mutex(try Self.connect(place: place, path: path))
    }

    /// Opens a log that another process may be writing.
    package convenience init(path: String) throws(LogError) {
        // SQLite would wait for whoever writes into a pipe.
        guard (try? FileSignature.of(path))?.isRegular ?? true else { throw LogError(.notAFile, path) }
        try self.init(place: path, path: path)
    }

    static func connect(place: String, path: String) throws(LogError) -> Connection {
        let database = try LogError.naming(path) { () throws(SQLiteError) in
            try Database(place, mode: .readOnly, busyTimeout: .seconds(5))
        }
        try LogSchema.check(database, path: path)
        return try LogError.naming(path) { () throws(SQLiteError) in
            Connection(database: database, known: try KnownSeries(database))
        }
    }

    /// The reports behind a sequence, in their order; fewer than the limit at the end, or when they are large.
    ///
    /// - Parameter sequence: the last that was read; 0 for the beginning.
    package func read(after sequence: Int64, limit: Int) throws(LogError) -> [LoggedReport] {
        try reports(after: sequence, limit: limit, Self.behind)
    }

    /// Finds the columns of `ReportRow`, of so many reports of a table behind a sequence, in their order.
    typealias Find =
        @Sendable (Segment, _ after: Int64, _ limit: Int, Database) throws(SQLiteError) -> Statement

    static let behind: Find = { segment, sequence, limit, database throws(SQLiteError) in
        let rows = try database.prepare(
            "SELECT \(ReportRow.columns) FROM \(segment.table) WHERE sequence > ? ORDER BY sequence LIMIT ?"
        )
        try rows.bind(sequence, at: 1)
        try rows.bind(Int64(limit), at: 2)
        return rows
    }

    /// Those of the reports behind a sequence that a statement finds in each table.
    func reports(after sequence: Int64, limit: Int, _ find: Find) throws(LogError) -> [LoggedReport] {
        try inOrder(after: sequence, limit: limit, find) { row, known throws(SQLiteError) in try row.report(known) }
    }

    /// - Parameter make: nil for a report that cannot be read.
    func inOrder<Value: LoggedInOrder>(
        after sequence: Int64,
        limit: Int,
        _ find: Find,
        _ make: @Sendable (ReportRow, KnownSeries) throws(SQLiteError) -> Value?
    ) throws(LogError) -> [Value] {
        let read = try withConnection { connection throws(SQLiteError) in
            try connection.database.transaction("BEGIN") { () throws(SQLiteError) in
                try Self.read(after: sequence, limit: limit, connection, find, make)
            }
        }
        if let broken = read.broken { throw LogError(.damaged, path, detail: "report \(broken) cannot be read") }
        return read.reports
    }

    /// What is before a broken report is returned first.
    private static func read<Value: LoggedInOrder>(
        after sequence: Int64,
        limit: Int,
        _ connection: Connection,
        _ find: Find,
        _ make: (ReportRow, KnownSeries) throws(SQLiteError) -> Value?
    ) throws(SQLiteError) -> (reports: [Value], broken: Int64?) {
        var reports: [Value] = []
        var samples = 0
        let segments = try SegmentTable.read(connection.database)
        for (index, segment) in segments.enumerated() {
            if index + 1 < segments.count, segments[index + 1].first <= sequence &+ 1 { continue }
            let rows = try find(segment, sequence, limit - reports.count, connection.database)
            defer { rows.reset() }
            while try rows.step() {
                let row = ReportRow(rows)
                guard let report = try make(row, connection.known) else {
                    return (reports, reports.isEmpty ? row.sequence : nil)
                }
                reports.append(report)
                samples += report.count
                if samples >= Self.samples { return (reports, nil) }
            }
            if reports.count >= limit { return (reports, nil) }
        }
        return (reports, nil)
    }

    /// The sequence of the last report; 0 when there has been none.
    package func last() throws(LogError) -> Int64 {
        try withConnection { connection throws(SQLiteError) in
            try connection.database.transaction("BEGIN") { () throws(SQLiteError) in
                try LogState(connection.database).sequence
            }
        }
    }

    /// When the oldest report arrived that is kept, in milliseconds since 1970; nil when there is none.
    func beginning() throws(LogError) -> Int64? {
        try withConnection { connection throws(SQLiteError) in
            try SegmentTable.read(connection.database).lazy.compactMap(\.since).first
        }
    }

    /// What followers have read.
    package func cursors() throws(LogError) -> [String: Int64] {
        try withConnection { connection throws(SQLiteError) in
            let rows = try connection.database.prepare("SELECT follower, sequence FROM cursor")
            var cursors: [String: Int64] = [:]
            while try rows.step() { cursors[rows.text(0) ?? ""] = rows.integer(1) }
            return cursors
        }
    }

    /// All names of metrics that are kept, in their order.
    package func names() throws(LogError) -> [String] {
        try withConnection { connection throws(SQLiteError) in
            try MetricCatalogue.names(connection.database)
        }
    }

    /// The series that are kept, behind one, in the order of their numbers.
    package func series(after number: Int64, limit: Int) throws(LogError) -> [LoggedSeries] {
        try withConnection { connection throws(SQLiteError) in
            let rows = try connection.database.prepare(
                "SELECT \(SeriesRow.columns) FROM series WHERE id > ? ORDER BY id LIMIT ?"
            )
            try rows.bind(number, at: 1)
            try rows.bind(Int64(limit), at: 2)
            var series: [LoggedSeries] = []
            while try rows.step() {
                guard let row = SeriesRow(rows), let component = try connection.known.component(row.component) else {
                    continue
                }
                series.append(LoggedSeries(number: row.id, component: component, metric: row.metric))
            }
            return series
        }
    }

    /// Lets go of the file. Waits for a call that is under way.
    package func close() {
        connection.withLock { $0 = nil }
    }

    func withConnection<Result: Sendable>(
        _ body: @Sendable (Connection) throws(SQLiteError) -> Result
    ) throws(LogError) -> Result {
        try connection.withLock { connection throws(LogError) in
            guard let connection else { throw LogError(.closed, path) }
            do throws(SQLiteError) {
                return try body(connection)
            } catch {
                throw LogError(error, path)
            }
        }
    }
}
