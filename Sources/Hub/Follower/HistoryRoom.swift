import Postgres

/// Where samples have room by their time, and how they go when they are old.
protocol HistoryRoom {
    /// Makes room for reports where some is missing.
    /// - Returns: days, counted from 1970, whose samples will find none.
    mutating func make(
        for reports: [LoggedSamples],
        _ connection: PostgresConnection
    ) throws(PostgresError) -> Set<Int64>

    /// Makes room for days to come.
    mutating func ensure(_ days: Set<Int64>, _ connection: PostgresConnection) throws(PostgresError)

    /// Deletes what is older.
    mutating func drop(before day: Int64, _ connection: PostgresConnection) throws(PostgresError)

    /// Looks again before it relies on what it knows.
    mutating func forget()
}
