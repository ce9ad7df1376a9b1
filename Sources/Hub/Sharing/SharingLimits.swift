import AsyncHTTP

/// How much of the database is looked at for what other hubs have written.
package struct SharingLimits: Sendable, Hashable {
    /// Rows of one log that one look goes through: the next goes on behind them.
    package var slice: Int64 = 100_000
    /// Rows that are in memory at once.
    package var portion = 2000
    /// How far back the first look goes, unless all reports are exported for longer.
    package var look = Duration.seconds(900)
    /// Components whose names are remembered.
    package var components = 100_000

    package init() {}
}
