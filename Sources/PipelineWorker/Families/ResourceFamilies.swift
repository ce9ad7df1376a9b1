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
    private let now: @Sendable () -> MonotonicInstant
    private let cores: Double
    private let last: Mutex<Mark?>

    /// What the kernel said last, and what that was as a share.
    private struct Mark {
        let at: MonotonicInstant
        let seconds: Double
        var share: Double?
    }

    /// Between two readings that a share is made of.
    private static let shortest = Duration.milliseconds(500)

    /// - Parameters:
    ///   - cores: processors that it may use.
    ///   - read: the kernel's account of this process.
    init(
        cores: Int,
        read: @escaping @Sendable () -> ProcessStatus? = { ProcessStatus.own() },
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
        self.now = now
        last = Mutex(read().map { Mark(at: now(), seconds: $0.processorSeconds) })
    }

    var descriptors: [MetricDescriptor] { [usage, threads, memory, processor] }

    func collect() -> [MetricFamily] {
        guard let status = read() else { return [] }
        let seconds = status.processorSeconds
        var families = [
            MetricFamily(threads, samples: [Sample(Double(status.threads))]),
            MetricFamily(memory, samples: [Sample(status.residentBytes)]),
            MetricFamily(processor, samples: [Sample(seconds)]),
        ]
        let share = last.withLock { [now] last -> Double? in
            let moment = now()
            guard let before = last else {
                last = Mark(at: moment, seconds: seconds)
                return nil
            }
            let elapsed = before.at.duration(to: moment)
            // Several may look, and none may take another's time away; the kernel counts in hundredths of a second.
            guard elapsed >= Self.shortest || before.share == nil && elapsed > .zero else { return before.share }
            let share = min(max(0, (seconds - before.seconds) / (elapsed / .seconds(1)) / cores), 1)
            last = Mark(at: moment, seconds: seconds, share: share)
            return share
        }
        if let share { families.append(MetricFamily(usage, samples: [Sample(share)])) }
        return families
    }
}
