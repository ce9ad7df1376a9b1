import SQLite

/// The reports of one table from the newest to the oldest: those of a few components, each found by the index, or all.
struct NewestReports {
    private var streams: [Stream] = []

    /// One statement and the row that it stands on.
    private struct Stream {
        let rows: Statement
        var head: ReportRow?

        mutating func advance() throws(SQLiteError) {
            head = try rows.step() ? ReportRow(rows) : nil
        }
    }

    /// - Parameter last: the newest sequence that is wanted.
    init(
        of segment: Segment,
        through last: Int64,
        _ choice: ComponentChoice,
        in database: Database
    ) throws(SQLiteError) {
        guard let end = try SegmentTable.arrival(of: last, in: segment, database) else { return }
        let latest = min(end, choice.arrivals.upperBound)
        guard choice.arrivals.lowerBound <= latest else { return }
        if let components = choice.components {
            let sql = """
                SELECT \(ReportRow.columns) FROM \(segment.table)
                WHERE component = ?1 AND arrived BETWEEN ?2 AND ?3 ORDER BY arrived DESC, sequence DESC
                """
            for component in components {
                let rows = try database.prepare(sql)
                try rows.bind(component, at: 1)
                try rows.bind(choice.arrivals.lowerBound, at: 2)
                try rows.bind(latest, at: 3)
                try add(rows, through: last)
            }
        } else {
            let rows = try database.prepare(
                "SELECT \(ReportRow.columns) FROM \(segment.table) WHERE sequence <= ? ORDER BY sequence DESC"
            )
            try rows.bind(min(last, try SegmentTable.newest(arrivedBy: latest, in: segment, database)), at: 1)
            try add(rows, through: last)
        }
    }

    private mutating func add(_ rows: Statement, through last: Int64) throws(SQLiteError) {
        var stream = Stream(rows: rows)
        repeat { try stream.advance() } while stream.head.map { $0.sequence > last } ?? false
        if stream.head != nil { streams.append(stream) }
    }

    /// - Returns: nil behind the oldest.
    mutating func next() throws(SQLiteError) -> ReportRow? {
        var newest: Int?
        for (index, stream) in streams.enumerated() {
            let best = newest.flatMap { streams[$0].head?.sequence } ?? 0
            if let head = stream.head, head.sequence > best { newest = index }
        }
        guard let newest else { return nil }
        let row = streams[newest].head
        try streams[newest].advance()
        return row
    }
}
