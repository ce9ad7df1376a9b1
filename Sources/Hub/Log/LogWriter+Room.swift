import AsyncHTTP
import SQLite

/// Retention: whole tables go, the oldest first, and never one that a follower has not read to its end.
extension LogWriter {
    /// Pages that hold something.
    func usedPages() throws(SQLiteError) -> Int64 {
        try value(of: countPages) &- value(of: countFreePages)
    }

    func value(of statement: Statement) throws(SQLiteError) -> Int64 {
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// - Returns: false when there would not be so many pages even if everything had gone that may.
    func makeRoom(inTransaction pages: Int64) throws(SQLiteError) -> Bool {
        while try usedPages() &+ pages > pageLimit {
            guard try dropOldest() else { return false }
        }
        return true
    }

    /// The same, in a transaction of its own.
    func makeRoom(pages: Int64) throws(SQLiteError) -> Bool {
        let before = state
        do throws(SQLiteError) {
            try database.execute("BEGIN IMMEDIATE")
            let hasRoom = try makeRoom(inTransaction: pages)
            try database.execute("COMMIT")
            dictionary.commit()
            return hasRoom
        } catch {
            database.rollBack()
            dictionary.rollBack()
            state = before
            throw error
        }
    }

    /// Drops what has been kept long enough.
    func expire(at moment: Int64) throws(SQLiteError) {
        let oldest = moment &- configuration.retention.clampedMilliseconds
        while state.segments.count > 1 {
            // A clock that was ahead has left arrivals that lie in the future: what came after them tells the truth.
            // One that somebody has removed by hand is gone already.
            let last = (try? SegmentTable.last(of: state.segments[0], in: database))?.arrived ?? .min
            let end = state.segments.dropFirst().compactMap(\.since).min().map { min($0, last) } ?? last
            guard end < oldest, try dropOldest() else { return }
        }
    }

    /// - Returns: false when it is the one that is being written, or a follower has still to read it.
    private func dropOldest() throws(SQLiteError) -> Bool {
        guard state.segments.count > 1 else { return false }
        let next = state.segments[1].first
        if let read = try slowestCursor(), read < next &- 1 { return false }
        let before = try usedPages()
        let gone = state.segments.removeFirst()
        try LogSchema.createViews(of: state.segments, in: database)
        try database.execute(
            """
            DROP TABLE IF EXISTS \(gone.table);
            DROP TABLE IF EXISTS \(gone.identities);
            DELETE FROM segment WHERE first = \(gone.first);
            DELETE FROM series WHERE segment < \(next);
            DELETE FROM component WHERE segment < \(next);
            """
        )
        dictionary.forget(before: next)
        let freed = before &- (try usedPages())
        for index in state.segments.indices { state.segments[index].base &-= freed }
        try database.execute("UPDATE segment SET base = base - \(freed)")
        return true
    }

    /// What the follower that is furthest behind has read; nil without followers.
    private func slowestCursor() throws(SQLiteError) -> Int64? {
        defer { readCursors.reset() }
        guard try readCursors.step(), !readCursors.isNull(0) else { return nil }
        return readCursors.integer(0)
    }
}
