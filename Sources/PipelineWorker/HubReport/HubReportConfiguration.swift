import Hosting
import Reporting

/// To which hub the worker reports, and as whose.
struct HubReportConfiguration: Sendable, Hashable {
    /// What the pool is called when nobody says.
    static let usualPool = "worker-cpu"

    /// Nil reports nothing.
    var hub: HubURL?
    /// Nil is a worker of no pool.
    var pool: String?
    /// Nil is the name of this machine.
    var worker: String?
    /// Between two reports of a worker of a pool: each heartbeat carries the metrics.
    var heartbeat = Duration.seconds(15)
    /// Between two reports of one that is alone.
    var interval = Duration.seconds(60)
    var access = ClientAccess()

    /// Between two reports.
    var pace: Duration { pool == nil ? interval : heartbeat }
}
