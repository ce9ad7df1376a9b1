package import Telemetry
package import TelemetryServer

/// What workers of the hub's predecessor have always reported, of themselves and of their machines.
package struct WorkerFamilies: Sendable {
    private let processor: MetricDescriptor
    private let memory: MetricDescriptor
    private let resident: MetricDescriptor
    private let active: MetricDescriptor
    private let queue: MetricDescriptor
    private let completed: MetricDescriptor

    package init() throws(MetricsError) {
        func gauge(_ name: String, _ help: String, _ unit: String? = nil) throws(MetricsError) -> MetricDescriptor {
            try MetricDescriptor(name, kind: .gauge, help: help, unit: unit)
        }
        processor = try gauge("noetl_system_cpu_usage_percent", "CPU usage percentage", "percent")
        memory = try gauge("noetl_system_memory_usage_percent", "Memory usage percentage", "percent")
        resident = try gauge("noetl_process_memory_rss_bytes", "Resident set size of the process", "bytes")
        active = try gauge("noetl_worker_active_tasks", "Tasks under way")
        queue = try gauge("noetl_worker_queue_size", "Tasks that wait")
        completed = try MetricDescriptor("noetl_worker_tasks_completed", kind: .counter, help: "Tasks finished")
    }

    /// - Parameter readings: what is not told in them is left out.
    package func families(
        _ readings: SystemReader.Readings,
        active tasks: Int,
        waiting: Int,
        completed count: Double
    ) -> [MetricFamily] {
        let said: [(MetricDescriptor, Double?)] = [
            (processor, readings.processorPercent), (memory, readings.memoryPercent),
            (resident, readings.residentBytes), (active, Double(tasks)), (queue, Double(waiting)), (completed, count),
        ]
        return said.compactMap { descriptor, value in value.map { MetricFamily(descriptor, samples: [Sample($0)]) } }
    }
}
