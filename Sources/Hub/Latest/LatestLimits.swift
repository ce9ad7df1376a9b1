package import AsyncHTTP

/// How much is held in memory, and for how long.
package struct LatestLimits: Sendable {
    package var components = 10_000
    package var series = 100_000
    package var seriesOfComponent = 10_000
    /// Of the lines of all series together, up to their values: a scrape is hardly longer.
    package var text: ByteCount { max(.mebibytes(64), .bytes(series * 512)) }
    package var textOfComponent: ByteCount { max(.mebibytes(8), .bytes(seriesOfComponent * 512)) }
    /// How long a sample is exported after its arrival, if its report does not say.
    package var ttl = Duration.seconds(300)
    /// How long a component is remembered after its samples have expired: long enough to see, and to be told, that it is silent.
    /// It goes earlier where its place is needed.
    package var componentMemory = Duration.seconds(3600)

    package init() {}
}
