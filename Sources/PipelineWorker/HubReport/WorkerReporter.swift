import AsyncHTTP
import Hosting
import Reporting
import Service
import Telemetry
import TelemetryServer

/// Reports to a hub what the worker exports, for whoever cannot scrape it. Nothing waits for it.
struct WorkerReporter: Sendable {
    /// How long the last reading may take to reach the hub once the program stops.
    private static let flushTime = Duration.seconds(2)

    private let client: ReportClient
    private let hub: HTTPClient

    /// - Returns: nil when nothing is to be reported.
    init?(
        _ configuration: HubReportConfiguration,
        _ logger: Logger,
        on loop: EventLoop,
        source: @escaping @Sendable () -> [MetricFamily]
    ) throws {
        guard let url = configuration.hub else { return nil }
        let flags = HubReportConfiguration.accessFlags
        let security = flags.security(
            configuration.access,
            to: url.endpoint,
            isSecure: url.isSecure,
            renewed: { logger.log(renewal: $0) }
        )
        let hub = HTTPClient(url.endpoint, on: loop, security: security)
        let name = configuration.pool ?? HubReportConfiguration.usualPool
        let host = HostName.read()
        var report = ReportConfiguration(name: name, type: "worker_pool", instance: configuration.worker ?? host)
        report.interval = configuration.pace
        if let host { report.labels = try Labels(["hostname": host]) }
        let failures = FailureLog("a report was not taken by the hub", logger)
        client = ReportClient(
            report,
            through: hub,
            target: url.target("/api/metrics/report"),
            on: loop,
            source: source,
            fields: flags.fields(configuration.access),
            failed: { failures.failed($0) }
        )
        self.hub = hub
        logger.info(
            "reporting",
            ("hub", LogValue(url)),
            ("component", LogValue(name)),
            ("interval_seconds", LogValue(configuration.pace))
        )
    }

    /// Goes on until the task is cancelled.
    func run() async { await client.run() }

    /// Tells the hub what there was at last.
    func end() async {
        await client.flush(within: Self.flushTime)
        await hub.close()
    }
}
