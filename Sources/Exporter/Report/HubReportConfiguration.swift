import Hosting
import Reporting

/// To which hub the agent's metrics are reported, and as whose.
struct HubReportConfiguration: Sendable, Hashable {
    /// Nil reports nothing.
    var hub: HubURL?
    var interval = Duration.seconds(15)
    /// Nil is the name of this machine, which is that of the pod.
    var name: String?
    var type = "agent"
    var instance: String?
    var access = ClientAccess()
}
