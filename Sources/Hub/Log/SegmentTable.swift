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

    /// When the report arrived, or the last one before it; nil when there is none in this table.
    static func arrival(
        of sequence: Int64,
        in segment: Segment,
        _ database: Database
    ) throws(SQLiteError) -> Int64? {
        let rows = try arrivals(of: segment, database)
        try rows.bind(sequence, at: 1)
        return try rows.step() ? rows.integer(0) : nil
    }

    /// The last sequence that had arrived by then; the one before the first where none had. Arrivals do not go back in a table, so
    /// it is found by halving.
    static func newest(arrivedBy moment: Int64, in segment: Segment, _ database: Database) throws(SQLiteError) -> Int64
    {
        guard let last = try last(of: segment, in: database) else { return segment.first &- 1 }
        if last.arrived <= moment { return last.sequence }
        let rows = try arrivals(of: segment, database)
        defer { rows.reset() }
        var (low, high) = (segment.first &- 1, last.sequence &- 1)
        while low < high {
            let middle = low + (high - low + 1) / 2
            rows.reset()
            try rows.bind(middle, at: 1)
            if try rows.step(), rows.integer(0) <= moment {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return low
    }

    private static func arrivals(of segment: Segment, _ database: Database) throws(SQLiteError) -> Statement {
        try database.prepare("SELECT arrived FROM \(segment.table) WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1")
    }
}
