import Postgres

/// Where a follower writes to, as long as the connection lasts. One thread uses it.
protocol HistoryTarget {
    /// The last report of the log that is there.
    var cursor: Int64 { get }

    /// When that report had arrived as the connection began, in milliseconds since 1970; nil when it is not known.
    var arrived: Int64? { get }

    /// Writes reports that come next, all of them and the cursor, or nothing.
    /// - Parameter meanwhile: done while the server works, if there is such a time.
    func write(_ reports: [LoggedSamples], meanwhile: () -> Void) throws(PostgresError) -> WrittenHistory

    /// Notices that there is nobody to write to, while there is nothing to write.
    func check() throws(PostgresError)

    /// Makes room, and the tables of the days to come.
    /// - Parameter moment: milliseconds since 1970.
    func maintain(at moment: Int64) throws(PostgresError)
}
