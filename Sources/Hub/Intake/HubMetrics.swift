import Service
package import Telemetry
import TelemetryServer

/// What the hub counts about its own work.
package struct HubMetrics: Sendable {
    package static let prefix = "agent_hub"

    package let registry = Registry()
    let samples: Counter
    let queries: Histogram
    /// By who has answered.
    let answers: Labeled<Counter>
    private let reports: [ReportResult: Counter]
    private let rejected: [RejectionCode: Counter]

    package init() throws(MetricsError) {
        let build = try registry.info(
            "\(Self.prefix)_build_info",
            help: "Which build of the hub this is.",
            labels: ["version", "revision", "swift"]
        )
        try build.set(BuildInfo.version, BuildInfo.revision, BuildInfo.swift)
        let reported = try registry.counter(
            "\(Self.prefix)_reports_total",
            help: "Reports that came, by what became of them.",
            labels: ["result"]
        )
        var reports: [ReportResult: Counter] = [:]
        for result in ReportResult.allCases { reports[result] = try reported.with(result.rawValue) }
        self.reports = reports
        samples = try registry.counter(
            "\(Self.prefix)_samples_total",
            help: "Samples of reports that were kept."
        )
        let refused = try registry.counter(
            "\(Self.prefix)_samples_rejected_total",
            help: "Samples that were left out of their reports, by why.",
            labels: ["reason"]
        )
        var rejected: [RejectionCode: Counter] = [:]
        for code in RejectionCode.allCases { rejected[code] = try refused.with(code.rawValue) }
        self.rejected = rejected
        queries = try registry.histogram(
            "\(Self.prefix)_query_duration_seconds",
            help: "How long queries took, the wait for others included.",
            unit: "seconds"
        )
        answers = try registry.counter(
            "\(Self.prefix)_queries_total",
            help: "Answers to queries, by who has given them.",
            labels: ["source"]
        )
    }

    func count(_ result: ReportResult) { reports[result]?.increment() }

    func count(_ rejections: [Rejection]) {
        for rejection in rejections { rejected[rejection.reason.code]?.increment() }
    }

    /// How many reports there were with that result.
    package func reports(_ result: ReportResult) -> Double { reports[result]?.value ?? 0 }

    /// Adds what others know: how much is held and kept.
    package func register(_ latest: Latest, _ store: any Store) throws(MetricsError) {
        try registry.register(HoldingsCollector(latest, store))
        _ = try answers.with(store.name)
        try registry.register(ProcessCollector(prefix: "\(Self.prefix)_"))
    }
}
