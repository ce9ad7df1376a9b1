import AsyncHTTP
import SQLite

/// What a hub that starts again has to know.
extension LogReader {
    /// Reports that are still exported at a moment, in their order; none at the end. Those that have expired are not read.
    ///
    /// - Parameters:
    ///   - moment: milliseconds since 1970.
    ///   - ttl: of reports that do not say.
    ///   - sequence: of the last one that was returned; 0 for the beginning.
    ///   - limit: fewer are returned when they are large.
    package func unexpired(
        at moment: Int64,
        ttl: Duration,
        after sequence: Int64 = 0,
        limit: Int
    ) throws(LogError) -> [LoggedReport] {
        let search = UnexpiredReports(moment: moment, lifetime: ttl.clampedMilliseconds)
        return try reports(after: sequence, limit: limit) { segment, sequence, limit, database throws(SQLiteError) in
            try search.rows(of: segment, after: sequence, limit: limit, in: database)
        }
    }

    /// Who has been registered, and has not been taken from the register.
    package func registered() throws(LogError) -> [Component] {
        try withConnection { connection throws(SQLiteError) in
            try Register.read(connection.database)
        }
    }
}
