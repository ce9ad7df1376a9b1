// The second example of docs/telemetry.md, word for word: a test compares the two.
import Telemetry

/// Hands on what a database driver says of itself: which names there are is known when it has answered.
struct DriverMetrics: Collector {
    let read: @Sendable () -> [String: (median: Double, total: Double, count: UInt64)]
    let descriptors: [MetricDescriptor] = []

    func collect() -> [MetricFamily] {
        read().sorted { $0.key < $1.key }.compactMap { name, value in
            // What cannot be said is left out, not invented.
            guard
                let descriptor = try? MetricDescriptor(name, kind: .summary, help: "From the driver."),
                let summary = try? SummaryReading(
                    quantiles: Quantiles([0.5]),
                    values: [value.median],
                    sum: value.total,
                    count: value.count
                )
            else { return nil }
            return MetricFamily(descriptor, samples: [Sample(.summary(summary))])
        }
    }
}
