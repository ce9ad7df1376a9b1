import AsyncHTTP
import Synchronization
import Telemetry
import TelemetryServer

/// What this process uses of the machine, by the names that dashboards of workers have for it.
final class ResourceFamilies: Collector {
    private let usage: MetricDescriptor
    private let threads: MetricDescriptor
    private let memory: MetricDescriptor
    private let processor: MetricDescriptor
    private let read: @Sendable () -> ProcessStatus?
    private let spent: @Sendable () -> Duration
    private let now: @Sendable () -> MonotonicInstant
    private let cores: Double
    private let last: Mutex<Mark>

    /// What had been spent when somebody looked, and what that was as a share.
    private struct Mark {
        let at: MonotonicInstant
        let spent: Duration
        var share: Double?
    }

    /// Between two readings that a share is made of.
    private static let shortest = Duration.milliseconds(500)

    /// - Parameters:
    ///   - cores: processors that it may use.
    ///   - read: the kernel's account of this process.
    ///   - spent: its time on processors.
    init(
        cores: Int,
        read: @escaping @Sendable () -> ProcessStatus? = { ProcessStatus.own() },
        spent: @escaping @Sendable () -> Duration = { ProcessorTime.ofProcess },
        now: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) throws(MetricsError) {
        usage = try MetricDescriptor(
            "process_cpu_usage",
            kind: .gauge,
            help: "The part of the machine's processors that this process has used lately, from 0 to 1."
        )
        threads = try MetricDescriptor("process_threads", kind: .gauge, help: "Threads of this process.")
        memory = try MetricDescriptor(
            "app_memory_usage_bytes",
            kind: .gauge,
            help: "Memory of this process that is resident.",
            unit: "bytes"
        )
        processor = try MetricDescriptor(
            "app_cpu_usage_seconds",
            kind: .counter,
            help: "Processor time that this process has used.",
            unit: "seconds"
        )
        self.cores = Double(max(1, cores))
        self.read = read
        self.spent = spent
        self.now = now
        last = Mutex(Mark(at: now(), spent: spent()))
    }

    var descriptors: [MetricDescriptor] { [usage, threads, memory, processor] }

    func collect() -> [MetricFamily] {
        let spent = spent()
        let share = last.withLock { [now] last -> Double? in
            let moment = now()
            let elapsed = last.at.duration(to: moment)
            // Several may look, and none may take another's time away.
            guard elapsed >= Self.shortest || last.share == nil && elapsed > .zero else { return last.share }
            let share = min(max(0, (spent - last.spent) / elapsed / cores), 1)
            last = Mark(at: moment, spent: spent, share: share)
            return share
        }
        var families = [MetricFamily(processor, samples: [Sample(spent / .seconds(1))])]
        if let status = read() {
            families.append(MetricFamily(threads, samples: [Sample(Double(status.threads))]))
            families.append(MetricFamily(memory, samples: [Sample(status.residentBytes)]))
        }
        if let share { families.append(MetricFamily(usage, samples: [Sample(share)])) }
        return families
    }
}
