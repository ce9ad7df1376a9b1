public import Cache
public import Telemetry

/// Who reports, how often, and how much is kept while the hub is away.
public struct ReportConfiguration: Sendable {
    /// Who reports: `component` in the hub's export.
    public var name: String
    /// What kind of program it is: `worker_pool`, `server_api` …
    public var type: String
    /// Tells programs of one name apart, so that they do not overwrite each other.
    public var instance: String?
    /// Labels of every sample, such as `hostname`; one that a sample has itself stands.
    public var labels = Labels.none
    /// How long the hub exports what has not been reported again; nil is the hub's own default.
    public var ttl: Duration?
    /// Between two readings of the source, and the longest that an event waits for others.
    public var interval = Duration.seconds(15)
    /// The waits while the hub does not answer, or not as it should.
    public var backoff = Backoff()
    /// How much is kept and sent.
    public var limits = ReportingLimits()

    /// A program of this name and type, every 15 seconds.
    public init(name: String, type: String, instance: String? = nil) {
        self.name = name
        self.type = type
        self.instance = instance
    }
}
