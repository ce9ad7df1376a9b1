import SQLite

/// What a follower reads, who has met most series before.
extension LogReader {
    /// The reports behind a sequence, in their order; fewer than the limit at the end, or when they are large.
    func samples(after sequence: Int64, limit: Int) throws(LogError) -> [LoggedSamples] {
        try inOrder(after: sequence, limit: limit, Self.behind) { row, known throws(SQLiteError) in
            try row.unnamed(known)
        }
    }

    /// Everything but a value and a time of a series; nil when the dictionary does not have it. In a process a number is always
    /// the same series.
    func metric(of series: Int64) throws(LogError) -> ReportedMetric? {
        try withConnection { connection throws(SQLiteError) in
            try connection.known.series(series)?.metric
        }
    }
}
