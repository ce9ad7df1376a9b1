import AsyncHTTP
import Glibc
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

    private let ticksPerSecond: Double
    private let pageSize: Double
    private let bootTime: UInt64?

    /// - Parameter directory: where the kernel's accounts are.
    public init(directory: String = "/proc") throws(MetricsError) {
        self.directory = directory
        cpu = try MetricDescriptor(
            "process_cpu_seconds",
            kind: .counter,
            help: "Total user and system CPU time spent in seconds.",
            unit: "seconds"
        )
        openDescriptors = try MetricDescriptor(
            "process_open_fds",
            kind: .gauge,
            help: "Number of open file descriptors."
        )
        maxDescriptors = try MetricDescriptor(
            "process_max_fds",
            kind: .gauge,
            help: "Maximum number of open file descriptors."
        )
        virtualMemory = try MetricDescriptor(
            "process_virtual_memory_bytes",
            kind: .gauge,
            help: "Virtual memory size in bytes.",
            unit: "bytes"
        )
        residentMemory = try MetricDescriptor(
            "process_resident_memory_bytes",
            kind: .gauge,
            help: "Resident memory size in bytes.",
            unit: "bytes"
        )
        startTime = try MetricDescriptor(
            "process_start_time_seconds",
            kind: .gauge,
            help: "Start time of the process since unix epoch in seconds.",
            unit: "seconds"
        )
        ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
        pageSize = Double(max(sysconf(Int32(_SC_PAGESIZE)), 1))
        // The line is the eighth from the end, after one per processor and one of all interrupts, which can be long.
        bootTime = ProcFile.read(directory + "/stat", limit: 1 << 20).flatMap(ProcessStatus.bootTime)
    }

    public var descriptors: [MetricDescriptor] {
        [cpu, openDescriptors, maxDescriptors, virtualMemory, residentMemory, startTime]
    }

    public func collect() -> [MetricFamily] {
        guard let text = ProcFile.read(directory + "/self/stat"), let status = ProcessStatus(text) else { return [] }
        var families = [
            family(cpu, (Double(status.userTicks) + Double(status.systemTicks)) / ticksPerSecond),
            family(virtualMemory, Double(status.virtualBytes)),
            family(residentMemory, Double(status.residentPages) * pageSize),
        ]
        if let bootTime {
            families.append(family(startTime, Double(bootTime) + Double(status.startTicks) / ticksPerSecond))
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
