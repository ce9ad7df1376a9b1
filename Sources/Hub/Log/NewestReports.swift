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
        guard let end = try Self.arrival(of: last, in: segment, database) else { return }
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
            try rows.bind(try Self.newest(arrivedBy: latest, in: segment, through: last, database), at: 1)
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

    /// When the report arrived, or the last one before it; nil when there is none in this table.
    private static func arrival(
        of sequence: Int64,
        in segment: Segment,
        _ database: Database
    ) throws(SQLiteError) -> Int64? {
        let rows = try database.prepare(
            "SELECT arrived FROM \(segment.table) WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1"
        )
        try rows.bind(sequence, at: 1)
        return try rows.step() ? rows.integer(0) : nil
    }

    /// Arrivals do not go back in a table, so the report is found by halving.
    private static func newest(
        arrivedBy moment: Int64,
        in segment: Segment,
        through last: Int64,
        _ database: Database
    ) throws(SQLiteError) -> Int64 {
        let end = try SegmentTable.last(of: segment, in: database)?.sequence ?? segment.first
        var (low, high) = (segment.first &- 1, max(min(last, end), segment.first &- 1))
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let arrived = try arrival(of: middle, in: segment, database), arrived <= moment else {
                high = middle - 1
                continue
            }
            low = middle
        }
        return low
    }
}
