package import Telemetry

/// What has come of sharing, as metrics.
package struct SharingCollector: Collector {
    private let status: @Sendable () -> SharingStatus
    private let reachable: MetricDescriptor
    private let samples: MetricDescriptor

    package init(prefix: String, status: @escaping @Sendable () -> SharingStatus) throws(MetricsError) {
        self.status = status
        reachable = try MetricDescriptor(
            "\(prefix)_sharing_up",
            kind: .gauge,
            help: "1 while the reports of other hubs are read."
        )
        samples = try MetricDescriptor(
            "\(prefix)_shared_samples_total",
            kind: .counter,
            help: "Samples that other hubs took and this one exports, too."
        )
    }

    package var descriptors: [MetricDescriptor] { [reachable, samples] }

    package func collect() -> [MetricFamily] {
        let status = status()
        return [
            MetricFamily(reachable, samples: [Sample(status.hasBegun && status.failure == nil ? 1 : 0)]),
            MetricFamily(samples, samples: [Sample(Double(status.samples))]),
        ]
    }
}
