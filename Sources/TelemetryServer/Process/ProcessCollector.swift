import AsyncHTTP
import Synchronization
public import Telemetry

/// The `process_*` families of the official client libraries, from `/proc`. All absent where there is no `/proc`.
public struct ProcessCollector: Collector {
    private let directory: String
    private let cpu: MetricDescriptor
    private let openDescriptors: MetricDescriptor
    private let maxDescriptors: MetricDescriptor
    private let virtualMemory: MetricDescriptor
    private let residentMemory: MetricDescriptor
    private let startTime: MetricDescriptor

    private let boot: BootTime

    /// - Parameters:
    ///   - prefix: what the names begin with, where the bare ones would be another's: `agent_hub_`.
    ///   - directory: where the kernel's accounts are.
    public init(prefix: String = "", directory: String = "/proc") throws(MetricsError) {
        self.directory = directory
        cpu = try MetricDescriptor(
            "\(prefix)process_cpu_seconds",
            kind: .counter,
            help: "Total user and system CPU time spent in seconds.",
            unit: "seconds"
        )
        openDescriptors = try MetricDescriptor(
            "\(prefix)process_open_fds",
            kind: .gauge,
            help: "Number of open file descriptors."
        )
        maxDescriptors = try MetricDescriptor(
            "\(prefix)process_max_fds",
            kind: .gauge,
            help: "Maximum number of open file descriptors."
        )
        virtualMemory = try MetricDescriptor(
            "\(prefix)process_virtual_memory_bytes",
            kind: .gauge,
            help: "Virtual memory size in bytes.",
            unit: "bytes"
        )
        residentMemory = try MetricDescriptor(
            "\(prefix)process_resident_memory_bytes",
            kind: .gauge,
            help: "Resident memory size in bytes.",
            unit: "bytes"
        )
        startTime = try MetricDescriptor(
            "\(prefix)process_start_time_seconds",
            kind: .gauge,
            help: "Start time of the process since unix epoch in seconds.",
            unit: "seconds"
        )
        boot = BootTime(directory: directory)
    }

    /// All six, whatever this machine tells.
    public var descriptors: [MetricDescriptor] {
        [cpu, openDescriptors, maxDescriptors, virtualMemory, residentMemory, startTime]
    }

    /// Reads the kernel's accounts of this process.
    public func collect() -> [MetricFamily] {
        guard let text = ProcFile.read(directory + "/self/stat"), let status = ProcessStatus(text) else { return [] }
        let seconds = { (ticks: UInt64) in Double(ticks) / ProcFile.ticksPerSecond }
        var families = [
            family(cpu, seconds(status.userTicks) + seconds(status.systemTicks)),
            family(virtualMemory, Double(status.virtualBytes)),
            family(residentMemory, Double(status.residentPages) * ProcFile.pageSize),
        ]
        if let bootTime = boot.seconds {
            families.append(family(startTime, Double(bootTime) + seconds(status.startTicks)))
        }
        if let count = ProcFile.countDescriptors(in: directory + "/self/fd") {
            families.append(family(openDescriptors, Double(count)))
        }
        families.append(family(maxDescriptors, Double(DescriptorLimit.current)))
        return families
    }

    private func family(_ descriptor: MetricDescriptor, _ value: Double) -> MetricFamily {
        MetricFamily(descriptor, samples: [Sample(value)])
    }
}

/// When the machine was started: looked up when it is asked for first, and then known.
private final class BootTime: Sendable {
    /// The line is the eighth from the end, after one per processor and one of all interrupts, which can be long.
    private static let longestFile = 1 << 20

    private let path: String
    private let known = Mutex<UInt64??>(nil)

    init(directory: String) {
        path = directory + "/stat"
    }

    /// Since 1970; nil where nobody tells.
    var seconds: UInt64? {
        known.withLock { known in
            if let known { return known }
            let found = ProcFile.read(path, limit: Self.longestFile).flatMap(ProcessStatus.bootTime)
            known = .some(found)
            return found
        }
    }
}
