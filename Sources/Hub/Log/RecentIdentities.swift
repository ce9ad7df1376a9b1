import SQLite

/// The identities of the newest reports, in memory until they are put into the index of their table.
///
/// Identities are spread over the whole index: put in one by one, each costs a page on the disk. Here they wait until there are many,
/// and go in by neighbours: a part of their range at a time, round and round. After a restart they are read from the reports again.
final class RecentIdentities {
    private struct Entry {
        let identity: Int64
        let sequence: Int64
    }

    private static let partBits: Int64 = 10

    /// So many wait.
    private let capacity: Int
    /// By the upper bits of the identity.
    private var parts = [[Entry]](repeating: [], count: 1 << Int(partBits))
    private var count = 0
    /// Which part goes next.
    private var next = 0
    /// The last report when the parts were begun from the first; all before it are in the index when the last part is.
    private var roundStart: Int64
    /// The last report up to which all are in the index, as the table of tables says.
    private var settled: Int64

    /// What the transaction that is going on has added, and put into the index.
    private var added: [Int] = []
    private var put: [(parts: Range<Int>, through: Int64)] = []
    private var before: (next: Int, roundStart: Int64, settled: Int64)?

    /// - Parameter capacity: how many wait for the index.
    init(_ database: Database, _ state: LogState, capacity: Int) throws(SQLiteError) {
        self.capacity = max(1, capacity)
        (roundStart, settled) = (state.sequence, state.sequence)
        guard let current = state.segments.last else { return }
        settled = try database.integer("SELECT settled FROM segment WHERE first = \(current.first)") ?? settled
        let rows = try database.prepare(
            "SELECT identity, sequence FROM \(current.table) WHERE sequence > ? AND identity IS NOT NULL ORDER BY sequence"
        )
        try rows.bind(settled, at: 1)
        while try rows.step() { add(rows.integer(0), rows.integer(1)) }
        commit()
    }

    func add(_ identity: Int64, _ sequence: Int64) {
        let part = Self.part(of: identity)
        parts[part].append(Entry(identity: identity, sequence: sequence))
        added.append(part)
    }

    /// The newest report of that identity, if it is not in the index.
    func sequence(of identity: Int64) -> Int64? {
        parts[Self.part(of: identity)].last { $0.identity == identity }?.sequence
    }

    // MARK: Into the index

    /// Puts so much into the index that no more wait than may.
    func settle(
        _ segment: Segment,
        through sequence: Int64,
        in database: Database,
        _ tables: inout WritableTables
    )
        throws(SQLiteError)
    {
        if sequence &- settled > 4 &* Int64(capacity) {
            return try settleAll(segment, through: sequence, in: database, &tables)
        }
        var waiting = count + added.count
        while waiting > capacity {
            waiting -= parts[next].count
            try put(next..<next + 1, into: segment, through: sequence, database, &tables)
            next += 1
            guard next == parts.count else { continue }
            try settle(segment, through: roundStart, database)
            (next, roundStart) = (0, sequence)
        }
    }

    /// Puts everything into the index of the table: another one begins.
    func settleAll(
        _ segment: Segment,
        through sequence: Int64,
        in database: Database,
        _ tables: inout WritableTables
    )
        throws(SQLiteError)
    {
        try put(parts.indices, into: segment, through: sequence, database, &tables)
        try settle(segment, through: sequence, database)
        (next, roundStart) = (0, sequence)
    }

    private func settle(_ segment: Segment, through sequence: Int64, _ database: Database) throws(SQLiteError) {
        if before == nil { before = (next, roundStart, settled) }
        settled = sequence
        try database.execute("UPDATE segment SET settled = \(sequence) WHERE first = \(segment.first)")
    }

    private func put(
        _ range: Range<Int>,
        into segment: Segment,
        through sequence: Int64,
        _ database: Database,
        _ tables: inout WritableTables
    ) throws(SQLiteError) {
        if before == nil { before = (next, roundStart, settled) }
        let insert = try tables.insertIdentity(into: segment, in: database)
        for part in range {
            for entry in parts[part].sorted(by: { $0.identity < $1.identity }) where entry.sequence >= segment.first {
                try insert.bind(entry.identity, at: 1)
                try insert.bind(entry.sequence, at: 2)
                try insert.run()
            }
        }
        put.append((range, sequence))
    }

    // MARK: Going, and going back

    func commit() {
        count += added.count
        for (range, sequence) in put {
            for part in range {
                let waiting = parts[part].count
                parts[part].removeAll { $0.sequence <= sequence }
                count -= waiting - parts[part].count
            }
        }
        end()
    }

    func rollBack() {
        for part in added { parts[part].removeLast() }
        if let before { (next, roundStart, settled) = before }
        end()
    }

    private func end() {
        added.removeAll(keepingCapacity: true)
        put.removeAll()
        before = nil
    }

    private static func part(of identity: Int64) -> Int {
        // From the smallest to the largest, as the index has them.
        Int(truncatingIfNeeded: (identity >> (64 - partBits)) + (1 << (partBits - 1)))
    }
}
