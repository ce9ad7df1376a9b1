/// What a client has done since it was made, and what waits.
public struct ReportStatistics: Sendable, Hashable {
    /// Reports that the hub has taken.
    public package(set) var sent = 0
    /// Attempts that failed, by reason; of `rejected`, reports of which a part was not taken.
    public package(set) var failures: [ReportFailure.Reason: Int] = [:]
    /// Samples that the hub has rejected in reports that it took.
    public package(set) var samplesRejected = 0
    /// Reports of readings that were dropped, because newer ones needed their place.
    public package(set) var readingsDropped = 0
    /// Events that were not taken, because there was no room.
    public package(set) var eventsDropped = 0
    /// Reports that wait, the one under way included.
    public package(set) var waiting = 0
    /// Events that are not in a report yet.
    public package(set) var pending = 0
    /// About how many bytes wait.
    public package(set) var bytesWaiting = 0
    /// When the hub last took a report, since 1970.
    public package(set) var lastSuccess: Duration?

    /// Nothing yet.
    public init() {}
}
