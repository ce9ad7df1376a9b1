package import Service
package import Telemetry

/// Whether what was configured in files could be read again, and when that last went well.
package struct ReloadCollector: Collector {
    private let isGood: MetricDescriptor
    private let lastSuccess: MetricDescriptor
    private let outcome: @Sendable () -> Reload.Outcome?

    package init(prefix: String, outcome: @escaping @Sendable () -> Reload.Outcome?) throws(MetricsError) {
        self.outcome = outcome
        isGood = try MetricDescriptor(
            "\(prefix)_config_last_reload_successful",
            kind: .gauge,
            help: "Whether the last attempt to read the configuration files was successful."
        )
        lastSuccess = try MetricDescriptor(
            "\(prefix)_config_last_reload_success_timestamp_seconds",
            kind: .gauge,
            help: "When the configuration files were last read successfully."
        )
    }

    package var descriptors: [MetricDescriptor] { [isGood, lastSuccess] }

    package func collect() -> [MetricFamily] {
        guard let outcome = outcome() else { return [] }
        return [
            MetricFamily(isGood, samples: [Sample(outcome.problem == nil ? 1 : 0)]),
            MetricFamily(lastSuccess, samples: [Sample(outcome.lastSuccess / .seconds(1))]),
        ]
    }
}
