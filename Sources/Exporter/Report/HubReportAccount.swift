import Hosting
import Reporting
import Synchronization

/// What has been reported, for the catalogue, which has to exist before there is anything to report.
final class HubReportAccount: Sendable {
    private let held = Mutex<HubReporter?>(nil)

    var reporter: HubReporter? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    @Sendable func statistics() -> ReportStatistics? { reporter?.statistics() }
}
