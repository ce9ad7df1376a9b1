import AsyncHTTP
import Hosting
import Reporting
import Service
import Synchronization
import TelemetryServer

/// Reports the agent's metrics to a hub, for sidecars that nobody can scrape. Nothing waits for it.
struct HubReporter: Sendable {
    /// How long the last reading may take to reach the hub once the program stops.
    private static let flushTime = Duration.seconds(2)

    private let client: ReportClient
    private let hub: HTTPClient

    /// - Returns: nil when nothing is to be reported.
    init?(
        _ configuration: HubReportConfiguration,
        _ catalogue: FamilyCatalogue,
        _ publisher: MomentPublisher,
        _ logger: Logger,
        on loop: EventLoop
    ) {
        guard let url = configuration.hub else { return nil }
        let flags = HubReportConfiguration.accessFlags
        let security = flags.security(
            configuration.access,
            to: url.endpoint,
            isSecure: url.isSecure,
            renewed: { logger.log(renewal: $0) }
        )
        let hub = HTTPClient(url.endpoint, on: loop, security: security)
        let name = configuration.name ?? HostName.read() ?? "agent-exporter"
        var report = ReportConfiguration(name: name, type: configuration.type, instance: configuration.instance)
        report.interval = configuration.interval
        let failures = FailureLog("a report was not taken by the hub", logger)
        client = ReportClient(
            report,
            through: hub,
            target: url.target("/api/metrics/report"),
            on: loop,
            source: {
                let moment = publisher.moment
                // Before it has been asked there is nothing to say of an agent.
                guard moment.verdict.hasPolled else { return [] }
                return catalogue.agentFamilies(moment.verdict, moment.load, at: .now)
            },
            fields: flags.fields(configuration.access),
            failed: { failures.failed($0) }
        )
        self.hub = hub
        logger.info(
            "reporting",
            ("hub", LogValue(url)),
            ("component", LogValue(name)),
            ("interval_seconds", LogValue(configuration.interval))
        )
    }

    @Sendable func statistics() -> ReportStatistics { client.statistics }

    /// Goes on until the task is cancelled.
    func run() async { await client.run() }

    /// Tells the hub what the agent said last.
    func end() async {
        await client.flush(within: Self.flushTime)
        await hub.close()
    }
}

/// What has been reported, for the catalogue, which has to exist before there is anything to report.
final class HubReportAccount: Sendable {
    private let held = Mutex<HubReporter?>(nil)

    var reporter: HubReporter? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    @Sendable func statistics() -> ReportStatistics? { reporter?.statistics() }
}
