import Telemetry

/// What workers of the hub's predecessor report, and how many tasks they have finished.
struct WorkerFamilies: Sendable {
    private let cpu: MetricDescriptor
    private let memory: MetricDescriptor
    private let resident: MetricDescriptor
    private let active: MetricDescriptor
    private let queue: MetricDescriptor
    private let completed: MetricDescriptor

    init() throws(MetricsError) {
        func gauge(_ name: String, _ help: String, _ unit: String? = nil) throws(MetricsError) -> MetricDescriptor {
            try MetricDescriptor(name, kind: .gauge, help: help, unit: unit)
        }
        cpu = try gauge("noetl_system_cpu_usage_percent", "CPU usage percentage", "percent")
        memory = try gauge("noetl_system_memory_usage_percent", "Memory usage percentage", "percent")
        resident = try gauge("noetl_process_memory_rss_bytes", "Resident set size of the process", "bytes")
        active = try gauge("noetl_worker_active_tasks", "Tasks under way")
        queue = try gauge("noetl_worker_queue_size", "Tasks that wait")
        completed = try MetricDescriptor("noetl_worker_tasks_completed", kind: .counter, help: "Tasks finished")
    }

    func families(of workload: SimulatedWorkload) -> [MetricFamily] {
        [
            MetricFamily(cpu, samples: [Sample(workload.cpuPercent)]),
            MetricFamily(memory, samples: [Sample(workload.memoryPercent)]),
            MetricFamily(resident, samples: [Sample(workload.residentBytes)]),
            MetricFamily(active, samples: [Sample(Double(workload.activeTasks))]),
            MetricFamily(queue, samples: [Sample(Double(workload.queueSize))]),
            MetricFamily(completed, samples: [Sample(workload.tasksCompleted)]),
        ]
    }
}
