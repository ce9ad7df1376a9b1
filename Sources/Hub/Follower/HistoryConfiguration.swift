package import Postgres

/// Whether reports are kept in PostgreSQL, too, and how.
package struct HistoryConfiguration: Sendable, Hashable {
    /// Nil: they are kept in the log alone.
    package var database: PostgresConfiguration?
    /// Days that are over go when they are older; nil keeps all.
    package var retention: Duration? = .seconds(30 * 86_400)
    /// Whether what others have reported to other hubs is exported here, too.
    package var isShared = false

    package init() {}

    /// How the log is written into the database, if it is.
    package var follower: FollowerConfiguration? {
        guard let database else { return nil }
        var follower = FollowerConfiguration(database)
        follower.retention = retention
        return follower
    }
}
