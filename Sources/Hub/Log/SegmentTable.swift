import SQLite

/// The tables of reports that a connection sees.
enum SegmentTable {
    /// From the oldest to the newest.
    static func read(_ database: Database) throws(SQLiteError) -> [Segment] {
        let statement = try database.prepare("SELECT first, since, base FROM segment ORDER BY first")
        var segments: [Segment] = []
        while try statement.step() {
            segments.append(
                Segment(
                    first: statement.integer(0),
                    since: statement.isNull(1) ? nil : statement.integer(1),
                    base: statement.integer(2)
                )
            )
        }
        return segments
    }

    /// The sequence and arrival of its last report.
    static func last(
        of segment: Segment,
        in database: Database
    ) throws(SQLiteError) -> (sequence: Int64, arrived: Int64)? {
        let statement = try database.prepare(
            "SELECT sequence, arrived FROM \(segment.table) ORDER BY sequence DESC LIMIT 1"
        )
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return (statement.integer(0), statement.integer(1))
    }
}
