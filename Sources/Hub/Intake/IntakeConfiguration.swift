package import Access

/// What is taken from components, and for how long it is exported.
package struct IntakeConfiguration: Sendable, Hashable {
    package var ttl = Duration.seconds(300)
    /// Of one component; nil is as often as it likes.
    package var rate: RequestRate?
    /// Only who is registered may report.
    package var isStrict = false
    package var components = 10_000
    package var series = 100_000
    package var seriesOfComponent = 10_000

    package init() {}

    package var latestLimits: LatestLimits {
        var limits = LatestLimits()
        limits.ttl = ttl
        limits.components = components
        limits.series = series
        limits.seriesOfComponent = seriesOfComponent
        return limits
    }
}
