import AsyncHTTP

/// How much of the database is looked at for what other hubs have written.
package struct SharingLimits: Sendable, Hashable {
    /// Rows of one log that one look goes through, the newest first: the next look goes on with those before them.
    package var slice: Int64 = 100_000
    /// Rows that are in memory at once.
    package var portion = 2000
    /// What arrived earlier is looked for only where all reports are exported for longer, or of those components that say so.
    package var look = Duration.seconds(900)
    /// Of these components, those of the shortest lifetimes.
    package var longLived = 10_000
    /// How far is gone back for them.
    package var longest = Duration.seconds(7 * 86_400)
    /// Components whose names are remembered.
    package var components = 100_000

    package init() {}
}
