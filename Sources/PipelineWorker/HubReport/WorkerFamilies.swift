import Telemetry
import TelemetryServer

/// What workers of the hub's predecessor have always reported, of this one.
struct WorkerFamilies: Sendable {
    private let resident: MetricDescriptor
    private let active: MetricDescriptor
    private let queue: MetricDescriptor
    private let completed: MetricDescriptor

    init() throws(MetricsError) {
        resident = try MetricDescriptor(
            "noetl_process_memory_rss_bytes",
            kind: .gauge,
            help: "Resident set size of the process",
            unit: "bytes"
        )
        active = try MetricDescriptor("noetl_worker_active_tasks", kind: .gauge, help: "Tasks under way")
        queue = try MetricDescriptor("noetl_worker_queue_size", kind: .gauge, help: "Tasks that wait")
        completed = try MetricDescriptor("noetl_worker_tasks_completed", kind: .counter, help: "Tasks finished")
    }

    func families(active tasks: Int, waiting: Int, completed count: Double) -> [MetricFamily] {
        let own = ProcessStatus.own().map { [MetricFamily(resident, samples: [Sample($0.residentBytes)])] } ?? []
        return own + [
            MetricFamily(active, samples: [Sample(Double(tasks))]),
            MetricFamily(queue, samples: [Sample(Double(waiting))]),
            MetricFamily(completed, samples: [Sample(count)]),
        ]
    }
}
