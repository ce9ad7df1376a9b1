import AsyncHTTP
import Hosting
import Reporting
import Service
import TelemetryServer

extension HubReportConfiguration {
    /// Reports the agent's metrics, for sidecars that nobody can scrape; nil when nothing is to be reported.
    func reporter(
        _ catalogue: FamilyCatalogue,
        _ publisher: MomentPublisher,
        _ logger: Logger,
        on loop: EventLoop
    ) -> HubReporter? {
        guard let hub else { return nil }
        var report = ReportConfiguration(
            name: name ?? HostName.read() ?? "agent-exporter",
            type: type,
            instance: instance
        )
        report.interval = interval
        return HubReporter(report, to: hub, access, Self.accessFlags, logger, on: loop) {
            let moment = publisher.moment
            // Before it has been asked there is nothing to say of an agent.
            guard moment.verdict.hasPolled else { return [] }
            return catalogue.agentFamilies(moment.verdict, moment.load, at: .now)
        }
    }
}
