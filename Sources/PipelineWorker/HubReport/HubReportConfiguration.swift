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

    /// What was set and has no effect.
    ///
    /// - Parameter source: where a flag was given; nil if it was not.
    func remark(source: (String) -> String?) -> String? {
        guard hub != nil else { return nil }
        if pool == nil {
            return source("report.heartbeat-interval").map {
                "\($0) is for workers of a pool: this one has none, and reports by --report.interval"
            }
        }
        return source("report.interval").map {
            "\($0) is for a worker that is in no pool: this one reports by --report.heartbeat-interval"
        }
    }
}
