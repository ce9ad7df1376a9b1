import AsyncHTTP
import Telemetry

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
        [
            MetricFamily(components, samples: [Sample(Double(latest.componentCount))]),
            MetricFamily(series, samples: [Sample(Double(latest.seriesCount))]),
            MetricFamily(bytes, samples: [Sample(Double(store.size.bytes), labels: ofStore)]),
            MetricFamily(backlog, samples: [Sample(Double(store.backlog))]),
            MetricFamily(full, samples: [Sample(store.isFull ? 1 : 0)]),
        ]
    }
}
