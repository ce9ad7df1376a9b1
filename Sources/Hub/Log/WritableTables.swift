import SQLite

/// Statements on the tables of reports, prepared once for each.
struct WritableTables {
    private var insert: (segment: Int64, statement: Statement)?
    private var find: [Int64: Statement] = [:]

    mutating func insert(into segment: Int64, in database: Database) throws(SQLiteError) -> Statement {
        if let insert, insert.segment == segment { return insert.statement }
        let statement = try database.prepare("INSERT INTO report_\(segment) VALUES (?, ?, ?, ?, ?, ?, ?)")
        insert = (segment, statement)
        return statement
    }

    /// Whether a component has sent a report of that identity since then.
    mutating func holds(
        _ identity: Int64,
        of component: Int64,
        since: Int64,
        in database: Database,
        _ state: LogState
    ) throws(SQLiteError) -> Bool {
        for (index, segment) in state.segments.enumerated().reversed() {
            // All that is in a table had arrived when the next one began.
            let next = index + 1 < state.segments.count ? state.segments[index + 1].since : nil
            if let next, next &+ LogWriter.clockTolerance < since { continue }
            let find = try find(in: segment, database)
            try find.bind(component, at: 1)
            try find.bind(identity, at: 2)
            try find.bind(since, at: 3)
            defer { find.reset() }
            if try find.step() { return true }
        }
        return false
    }

    private mutating func find(in segment: Segment, _ database: Database) throws(SQLiteError) -> Statement {
        if let statement = find[segment.first] { return statement }
        let statement = try database.prepare(
            // Left to itself, SQLite takes the other index, and looks at a day of reports.
            """
            SELECT 1 FROM \(segment.table) INDEXED BY \(segment.table)_identity
            WHERE component = ? AND identity = ? AND arrived >= ?
            """
        )
        find[segment.first] = statement
        return statement
    }
}
