import Hub

/// 2026-11-26 00:00:00 UTC, in milliseconds.
let midnight: Int64 = 1_795_651_200_000
let hour: Int64 = 3_600_000
let day: Int64 = 86_400_000

extension Report {
    /// A short one: its metrics are gauges, all taken when it arrives.
    static func sample(
        _ values: KeyValuePairs<String, Double> = ["m": 1],
        of name: String = "worker",
        id: String? = nil,
        at arrived: Int64 = midnight
    ) -> Report {
        Report(
            component: Component(type: "pool", name: name),
            reportID: id,
            metrics: values.map { ReportedMetric(name: $0.key, kind: .gauge, value: $0.value, time: arrived) },
            arrived: arrived
        )
    }
}
