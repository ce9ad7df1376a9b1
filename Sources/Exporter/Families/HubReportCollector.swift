import Reporting
import Telemetry

/// What became of the reports to a hub.
struct HubReportCollector: Collector {
    private let sent: MetricDescriptor
    private let failed: MetricDescriptor
    private let dropped: MetricDescriptor
    private let waiting: MetricDescriptor
    private let success: MetricDescriptor
    private let reasons: [(ReportFailure.Reason, Labels)]
    private let statistics: @Sendable () -> ReportStatistics?

    /// - Parameter prefix: what the names begin with, such as `agent_exporter`.
    init(
        prefix: String,
        statistics: @escaping @Sendable () -> ReportStatistics?
    ) throws(MetricsError) {
        self.statistics = statistics
        sent = try MetricDescriptor("\(prefix)_reports", kind: .counter, help: "Reports that the hub has taken.")
        failed = try MetricDescriptor(
            "\(prefix)_report_failures",
            kind: .counter,
            help: "Attempts to report that failed, and reports that were not taken whole, by why."
        )
        dropped = try MetricDescriptor(
            "\(prefix)_reports_dropped",
            kind: .counter,
            help: "Reports that were given up for newer ones while the hub was away."
        )
        waiting = try MetricDescriptor(
            "\(prefix)_reports_waiting",
            kind: .gauge,
            help: "Reports that wait for the hub."
        )
        success = try MetricDescriptor(
            "\(prefix)_report_last_success_timestamp_seconds",
            kind: .gauge,
            help: "When the hub last took a report; absent until it has."
        )
        var reasons: [(ReportFailure.Reason, Labels)] = []
        for reason in ReportFailure.Reason.allCases {
            reasons.append((reason, try Labels(["reason": reason.rawValue])))
        }
        self.reasons = reasons
    }

    var descriptors: [MetricDescriptor] { [sent, failed, dropped, waiting, success] }

    func collect() -> [MetricFamily] {
        guard let statistics = statistics() else { return [] }
        return [
            MetricFamily(sent, samples: [Sample(Double(statistics.sent))]),
            MetricFamily(
                failed,
                samples: reasons.map { Sample(Double(statistics.failures[$0.0] ?? 0), labels: $0.1) }
            ),
            MetricFamily(dropped, samples: [Sample(Double(statistics.readingsDropped))]),
            MetricFamily(waiting, samples: [Sample(Double(statistics.waiting))]),
            MetricFamily(success, samples: statistics.lastSuccess.map { [Sample($0 / .seconds(1))] } ?? []),
        ].filter { !$0.samples.isEmpty }
    }
}
