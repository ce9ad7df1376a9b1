import Synchronization
import Telemetry
import TelemetryServer

/// What workers of the hub's predecessor have always reported, of this one and of its machine.
final class WorkerFamilies: Sendable {
    private let processor: MetricDescriptor
    private let memory: MetricDescriptor
    private let resident: MetricDescriptor
    private let active: MetricDescriptor
    private let queue: MetricDescriptor
    private let completed: MetricDescriptor
    private let system: Mutex<SystemReader>

    init(_ system: sending SystemReader = SystemReader()) throws(MetricsError) {
        func gauge(_ name: String, _ help: String, unit: String? = nil) throws(MetricsError) -> MetricDescriptor {
            try MetricDescriptor(name, kind: .gauge, help: help, unit: unit)
        }
        processor = try gauge("noetl_system_cpu_usage_percent", "CPU usage percentage", unit: "percent")
        memory = try gauge("noetl_system_memory_usage_percent", "Memory usage percentage", unit: "percent")
        resident = try gauge("noetl_process_memory_rss_bytes", "Resident set size of the process", unit: "bytes")
        active = try gauge("noetl_worker_active_tasks", "Tasks under way")
        queue = try gauge("noetl_worker_queue_size", "Tasks that wait")
        completed = try MetricDescriptor("noetl_worker_tasks_completed", kind: .counter, help: "Tasks finished")
        self.system = Mutex(system)
    }

    /// The processors' load is that since it was last asked for.
    func families(active tasks: Int, waiting: Int, completed count: Double) -> [MetricFamily] {
        let readings = system.withLock { $0.read() }
        let said: [(MetricDescriptor, Double?)] = [
            (processor, readings.processorPercent), (memory, readings.memoryPercent),
            (resident, readings.residentBytes), (active, Double(tasks)), (queue, Double(waiting)), (completed, count),
        ]
        return said.compactMap { descriptor, value in value.map { MetricFamily(descriptor, samples: [Sample($0)]) } }
    }
}
