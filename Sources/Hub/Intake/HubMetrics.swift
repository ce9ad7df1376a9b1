import AsyncHTTP
import Hosting
import Service
package import Telemetry
import TelemetryServer

/// What the hub counts about its own work.
package struct HubMetrics: Sendable {
    package static let prefix = "agent_hub"

    package let registry = Registry()
    let samples: Counter
    let queries: Histogram
    private let reports: [ReportResult: Counter]
    private let rejected: [String: Counter]
    private let otherRejections: Counter

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
        var rejected: [String: Counter] = [:]
        for code in RejectionReason.codes { rejected[code] = try refused.with(code) }
        self.rejected = rejected
        otherRejections = try refused.with("other")
        queries = try registry.histogram(
            "\(Self.prefix)_query_duration_seconds",
            help: "How long queries took, the wait for others included.",
            unit: "seconds"
        )
    }

    func count(_ result: ReportResult) { reports[result]?.increment() }

    func count(_ rejections: [Rejection]) {
        for rejection in rejections { (rejected[rejection.reason.code] ?? otherRejections).increment() }
    }

    /// How many reports there were with that result.
    package func reports(_ result: ReportResult) -> Double { reports[result]?.value ?? 0 }

    /// Adds what others know: how much is held and kept.
    package func register(_ latest: Latest, _ store: any Store) throws(MetricsError) {
        try registry.register(HoldingsCollector(latest, store))
        try registry.register(ProcessCollector(prefix: "\(Self.prefix)_"))
    }
}

/// What became of a report.
package enum ReportResult: String, Sendable, Hashable, CaseIterable {
    /// At least one sample was kept, or it had none: a sign of life.
    case accepted
    case duplicate
    /// None of its samples could be kept.
    case rejected
    case malformed
    case tooLarge = "too_large"
    case tooFast = "too_fast"
    case unregistered
    /// The caller may not speak of that component.
    case forbidden
    /// The store does not take it.
    case unavailable
}

/// How much is held in memory and kept in the store.
struct HoldingsCollector: Collector {
    private let latest: Latest
    private let store: any Store
    private let components: MetricDescriptor
    private let series: MetricDescriptor
    private let bytes: MetricDescriptor
    private let backlog: MetricDescriptor
    private let full: MetricDescriptor
    private let ofStore: Labels

    init(_ latest: Latest, _ store: any Store) throws(MetricsError) {
        self.latest = latest
        self.store = store
        let prefix = HubMetrics.prefix
        components = try MetricDescriptor(
            "\(prefix)_components",
            kind: .gauge,
            help: "Components that report, or did lately."
        )
        series = try MetricDescriptor("\(prefix)_series", kind: .gauge, help: "Series that are exported.")
        bytes = try MetricDescriptor(
            "\(prefix)_store_bytes",
            kind: .gauge,
            help: "What the store takes, on the disk or in memory.",
            unit: "bytes"
        )
        backlog = try MetricDescriptor(
            "\(prefix)_store_backlog_reports",
            kind: .gauge,
            help: "Reports that wait for the store."
        )
        ofStore = try Labels(["store": store.name])
        full = try MetricDescriptor(
            "\(prefix)_store_full",
            kind: .gauge,
            help: "1 while reports are refused because the store has no room."
        )
    }

    var descriptors: [MetricDescriptor] { [components, series, bytes, backlog, full] }

    func collect() -> [MetricFamily] {
        return [
            MetricFamily(components, samples: [Sample(Double(latest.componentCount))]),
            MetricFamily(series, samples: [Sample(Double(latest.seriesCount))]),
            MetricFamily(bytes, samples: [Sample(Double(store.size.bytes), labels: ofStore)]),
            MetricFamily(backlog, samples: [Sample(Double(store.backlog))]),
            MetricFamily(full, samples: [Sample(store.isFull ? 1 : 0)]),
        ]
    }
}
