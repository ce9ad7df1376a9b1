import SQLite

/// Where the log ends.
struct LogState {
    /// From the oldest to the one that is being written.
    var segments: [Segment]
    /// Of the last report; 0 before the first.
    var sequence: Int64 = 0
    /// Components in the register.
    var registrations: Int64
    /// When the last report of the last table arrived.
    var arrived = Int64.min

    init(_ database: Database) throws(SQLiteError) {
        registrations = try Register.count(database)
        segments = try SegmentTable.read(database)
        guard let current = segments.last else { return }
        sequence = current.first &- 1
        if let last = try SegmentTable.last(of: current, in: database) { (sequence, arrived) = last }
    }
}
