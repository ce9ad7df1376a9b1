import SQLite

/// Whether a log is what was written: SQLite's own check, sequences without a gap, samples that can be read and named.
package struct LogVerification: Sendable, Hashable {
    /// More are not told.
    private static let told = 100

    package private(set) var reports = 0
    package private(set) var samples = 0
    /// Empty when all is well.
    package private(set) var problems: [String] = []

    /// Reads everything.
    package static func run(_ reader: LogReader) throws(LogError) -> LogVerification {
        try reader.withConnection { connection throws(SQLiteError) in
            try connection.database.transaction("BEGIN") { () throws(SQLiteError) in
                var verification = LogVerification()
                try verification.check(connection)
                return verification
            }
        }
    }

    private mutating func check(_ connection: LogReader.Connection) throws(SQLiteError) {
        let rows = try connection.database.prepare("PRAGMA integrity_check(\(Self.told))")
        while try rows.step() {
            if let text = rows.text(0), text != "ok" { tell(text) }
        }
        // A page that cannot be read ends a query: what is behind it is not looked at.
        if !problems.isEmpty { return }
        var next: Int64?
        for segment in try SegmentTable.read(connection.database) {
            if let next, next != segment.first { tell("\(segment.table) does not begin with report \(next)") }
            next = try check(segment, connection)
        }
        let cursors = try connection.database.prepare("SELECT follower, sequence FROM cursor")
        while try cursors.step() {
            if let next, cursors.integer(1) >= next {
                tell("the follower \(cursors.text(0) ?? "") has read report \(cursors.integer(1)), which is not there")
            }
        }
    }

    /// - Returns: the sequence that comes next.
    private mutating func check(_ segment: Segment, _ connection: LogReader.Connection) throws(SQLiteError) -> Int64 {
        var (next, arrived) = (segment.first, Int64.min)
        let rows = try connection.database.prepare(
            "SELECT \(ReportRow.columns) FROM \(segment.table) ORDER BY sequence"
        )
        while try rows.step() {
            let row = ReportRow(rows)
            if row.sequence != next { tell("reports from \(next) to \(row.sequence &- 1) are missing") }
            if row.arrived < arrived { tell("report \(row.sequence) has arrived before the one before it") }
            if let report = try row.report(connection.known) {
                samples += report.metrics.count
            } else {
                tell("report \(row.sequence) cannot be read, or has what is not in the dictionary")
            }
            reports += 1
            (next, arrived) = (row.sequence &+ 1, row.arrived)
        }
        return next
    }

    private mutating func tell(_ problem: String) {
        if problems.count < Self.told { problems.append(problem) }
    }
}
