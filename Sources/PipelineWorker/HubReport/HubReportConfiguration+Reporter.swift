import AsyncHTTP
import Hosting
import Reporting
import Service
import Telemetry
import TelemetryServer

extension HubReportConfiguration {
    /// Reports what the worker exports; nil when nothing is to be reported.
    func reporter(
        _ logger: Logger,
        on loop: EventLoop,
        source: @escaping @Sendable () -> [MetricFamily]
    ) throws -> HubReporter? {
        guard let hub else { return nil }
        let host = HostName.read()
        var report = ReportConfiguration(
            name: pool ?? Self.usualPool,
            type: "worker_pool",
            instance: worker ?? host
        )
        report.interval = pace
        if let host { report.labels = try Labels(["hostname": host]) }
        return HubReporter(report, to: hub, access, Self.accessFlags, logger, on: loop, source: source)
    }
}
