public import AsyncHTTP

/// How much is kept while it cannot be sent, and how much is sent at once.
public struct ReportingLimits: Sendable, Hashable {
    /// Readings of the source that wait; when there are more, the oldest go.
    public var readings = ByteCount.mebibytes(8)
    /// Reports of readings that wait.
    public var readingReports = 2000
    /// Events that wait; when there are more, new ones are not taken.
    public var events = ByteCount.mebibytes(8)
    /// Events that wait.
    public var eventSamples = 100_000
    /// Samples in one report: what a hub takes.
    public var samplesPerReport = 1000
    /// The body of one report: what a hub takes.
    public var report = ByteCount.mebibytes(1)
    /// The longest wait that a hub may ask for by `Retry-After`.
    public var longestRetryAfter = Duration.seconds(600)

    /// What a hub takes, and room for an hour of a small program.
    public init() {}
}
