import SQLite

/// The reports of one table from the newest to the oldest, a stretch at a time: those of a few components, found by the index, or
/// all.
struct NewestReports {
    private let rows: Statement
    /// The oldest that is wanted, and the newest that has not been looked at.
    private let first: Int64
    private var last: Int64

    /// All from this sequence on have been looked at, when the rows of the last stretch have.
    var end: Int64 { last &+ 1 }

    /// - Parameters:
    ///   - after: the newest sequence that is not wanted any more.
    ///   - last: the newest that is wanted.
    /// - Returns: nil when nothing that is wanted can be in this table.
    init?(
        of segment: Segment,
        after: Int64,
        through last: Int64,
        _ choice: ComponentChoice,
        in database: Database
    ) throws(SQLiteError) {
        let (earliest, latest) = (choice.arrivals.lowerBound, choice.arrivals.upperBound)
        self.last = min(last, try SegmentTable.newest(arrivedBy: latest, in: segment, database))
        let oldest =
            earliest == .min
            ? segment.first : try SegmentTable.newest(arrivedBy: earliest - 1, in: segment, database) &+ 1
        first = max(oldest, after &+ 1)
        guard first <= self.last else { return nil }
        var condition = "sequence BETWEEN ?1 AND ?2"
        if let components = choice.components {
            // These are numbers of ours.
            let list = components.map { "\($0)" }.joined(separator: ", ")
            condition += " AND sequence >> \(Segment.stretchBits) = ?3 AND component IN (\(list))"
        }
        rows = try database.prepare(
            "SELECT \(ReportRow.columns) FROM \(segment.table) WHERE \(condition) ORDER BY sequence DESC"
        )
    }

    /// Those of the next stretch, which may be none; nil behind the oldest.
    mutating func next() throws(SQLiteError) -> Statement? {
        guard last >= first else { return nil }
        rows.reset()
        let stretch = last >> Segment.stretchBits
        let beginning = max(first, stretch << Segment.stretchBits)
        try rows.bind(beginning, at: 1)
        try rows.bind(last, at: 2)
        if rows.parameters > 2 { try rows.bind(stretch, at: 3) }
        last = beginning &- 1
        return rows
    }
}
