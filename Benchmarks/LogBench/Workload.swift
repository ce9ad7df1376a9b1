import Hub

/// A hundred components that report five metrics every 15 seconds.
enum Workload {
    static let components = 100
    static let interval: Int64 = 15_000
    static let metrics = 5
    /// 2026-11-01 00:00:00 UTC, in milliseconds.
    static let start: Int64 = 1_793_491_200_000

    private static let names = [
        "noetl_system_cpu_usage_percent", "noetl_system_memory_usage_percent", "noetl_process_memory_rss_bytes",
        "noetl_worker_active_tasks", "noetl_worker_queue_size",
    ]

    private static let known = (0..<components).map { number in
        let component = Component(type: "worker_pool", name: "worker-\(number)")
        let labels = [
            ReportedLabel(name: "component", value: component.name),
            ReportedLabel(name: "hostname", value: "node-1"),
        ]
        return (component, labels)
    }

    static func name(of metric: Int) -> String { names[metric % names.count] }

    static func report(_ number: Int) -> Report {
        let arrived = start + Int64(number / components) * interval + Int64(number % components)
        let (component, labels) = known[number % components]
        let metrics = (0..<metrics).map { metric in
            ReportedMetric(
                name: name(of: metric),
                kind: .gauge,
                value: Double(number * 37 % 10_000 + metric) / 100,
                time: arrived - 20,
                labels: labels,
                help: "What it is.",
                unit: "units"
            )
        }
        return Report(component: component, reportID: "r-\(number)", metrics: metrics, arrived: arrived)
    }
}
