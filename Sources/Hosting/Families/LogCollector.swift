package import Telemetry

/// What the log counts about itself: what nobody can read in it.
package struct LogCollector: Collector {
    private let dropped: MetricDescriptor
    private let linesDropped: @Sendable () -> Int

    package init(prefix: String, linesDropped: @escaping @Sendable () -> Int) throws(MetricsError) {
        self.linesDropped = linesDropped
        dropped = try MetricDescriptor(
            "\(prefix)_log_lines_dropped",
            kind: .counter,
            help: "Lines of the log that were dropped because standard error had no room for them."
        )
    }

    package var descriptors: [MetricDescriptor] { [dropped] }

    package func collect() -> [MetricFamily] {
        [MetricFamily(dropped, samples: [Sample(Double(linesDropped()))])]
    }
}
