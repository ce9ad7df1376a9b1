/// What a client has done since it was made, and what waits.
public struct ReportStatistics: Sendable, Hashable {
    /// Reports that the hub has taken.
    public internal(set) var sent = 0
    /// Attempts that failed, by reason; of `rejected`, reports of which a part was not taken.
    public internal(set) var failures: [ReportFailure.Reason: Int] = [:]
    /// Samples that the hub has rejected in reports that it took.
    public internal(set) var samplesRejected = 0
    /// Reports of readings that were dropped, because newer ones needed their place.
    public internal(set) var readingsDropped = 0
    /// Events that were not taken, because there was no room.
    public internal(set) var eventsDropped = 0
    /// Reports that wait, the one under way included.
    public internal(set) var waiting = 0
    /// Events that are not in a report yet.
    public internal(set) var pending = 0
    /// About how many bytes wait.
    public internal(set) var bytesWaiting = 0
    /// When the hub last took a report, since 1970.
    public internal(set) var lastSuccess: Duration?
}
