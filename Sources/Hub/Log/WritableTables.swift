import SQLite

/// Statements on the tables of reports, prepared once for each.
struct WritableTables {
    private var insert: (segment: Int64, statement: Statement)?
    private var insertIdentity: (segment: Int64, statement: Statement)?
    private var find: [Int64: Statement] = [:]
    private var findIdentity: [Int64: Statement] = [:]

    mutating func insert(into segment: Int64, in database: Database) throws(SQLiteError) -> Statement {
        if let insert, insert.segment == segment { return insert.statement }
        let statement = try database.prepare("INSERT INTO report_\(segment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        insert = (segment, statement)
        return statement
    }

    /// After a restart some are put in that are there already.
    mutating func insertIdentity(into segment: Segment, in database: Database) throws(SQLiteError) -> Statement {
        if let insertIdentity, insertIdentity.segment == segment.first { return insertIdentity.statement }
        let statement = try database.prepare("INSERT OR IGNORE INTO \(segment.identities) VALUES (?, ?)")
        insertIdentity = (segment.first, statement)
        return statement
    }

    /// Whether a report is of a component and has arrived since then.
    mutating func holds(
        _ sequence: Int64,
        of component: Int64,
        since: Int64,
        in database: Database,
        _ state: LogState
    ) throws(SQLiteError) -> Bool {
        guard let segment = state.segments.last(where: { $0.first <= sequence }) else { return false }
        let find = try Self.prepared(
            "SELECT 1 FROM \(segment.table) WHERE sequence = ? AND component = ? AND arrived >= ?",
            segment,
            &find,
            database
        )
        return try Self.holds(sequence, component, since, find)
    }

    /// Whether the index of a table has a report of that identity from a component, that has arrived since then.
    mutating func holds(
        identity: Int64,
        of component: Int64,
        since: Int64,
        in database: Database,
        _ state: LogState
    ) throws(SQLiteError) -> Bool {
        for (index, segment) in state.segments.enumerated().reversed() {
            // All that is in a table had arrived when the next one began.
            let next = index + 1 < state.segments.count ? state.segments[index + 1].since : nil
            if let next, next &+ LogWriter.clockTolerance < since { continue }
            let find = try Self.prepared(
                """
                SELECT 1 FROM \(segment.identities) CROSS JOIN \(segment.table) USING (sequence)
                WHERE \(segment.identities).identity = ? AND component = ? AND arrived >= ?
                """,
                segment,
                &findIdentity,
                database
            )
            if try Self.holds(identity, component, since, find) { return true }
        }
        return false
    }

    private static func holds(
        _ number: Int64,
        _ component: Int64,
        _ since: Int64,
        _ find: Statement
    ) throws(SQLiteError) -> Bool {
        try find.bind(number, at: 1)
        try find.bind(component, at: 2)
        try find.bind(since, at: 3)
        defer { find.reset() }
        return try find.step()
    }

    private static func prepared(
        _ sql: @autoclosure () -> String,
        _ segment: Segment,
        _ statements: inout [Int64: Statement],
        _ database: Database
    ) throws(SQLiteError) -> Statement {
        if let statement = statements[segment.first] { return statement }
        let statement = try database.prepare(sql())
        statements[segment.first] = statement
        return statement
    }
}
