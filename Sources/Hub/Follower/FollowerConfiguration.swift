package import AsyncHTTP
package import Cache
package import Postgres

/// How a follower writes the log into a database.
package struct FollowerConfiguration: Sendable {
    package var database: PostgresConfiguration
    /// Between two looks into the log when it has caught up.
    package var interval = Duration.seconds(1)
    /// How long one step may take, whatever the server does: a read, a transaction, now and then the tables' upkeep.
    package var deadline = Duration.seconds(60)
    /// Between attempts while the database is down.
    package var backoff = Backoff()
    /// Days that are over go when they are older; nil keeps all.
    package var retention: Duration? = .seconds(30 * 86_400)
    package var limits = FollowerLimits()

    package init(_ database: PostgresConfiguration) {
        self.database = database
    }
}

/// How much a follower does at once, and what it remembers.
package struct FollowerLimits: Sendable, Hashable {
    /// Reports of one transaction.
    package var reports = 2000
    /// Rows of one transaction, over which it goes by one report at most.
    package var rows = 10_000
    /// Texts of series that have been written before.
    package var seriesMemory = ByteCount.mebibytes(16)
    /// Components whose row is known to be there.
    package var components = 100_000
    /// How exactly `last_seen` is kept.
    package var lastSeen = Duration.seconds(60)
    /// For how long a `report_id` is kept in the database: longer than any hub lags.
    package var reportIDs = Duration.seconds(7 * 86_400)
    /// Between two times of upkeep.
    package var upkeep = Duration.seconds(3600)
    /// Days whose table is made before they begin.
    package var daysAhead: Int64 = 2
    /// Days before the newest report for which a table is made, where another program's is divided by when samples were taken.
    package var daysBack: Int64 = 7
    /// Rows that are deleted at once.
    package var deletions = 10_000
    /// What is old is old by the server's clock, too: a machine whose clock is wrong deletes nothing of others.
    package var serverClock = "clock_timestamp()"

    package init() {}
}
