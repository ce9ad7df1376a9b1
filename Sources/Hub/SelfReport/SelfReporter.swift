import AsyncHTTP
import Service
import TelemetryServer

/// Reports what the hub's own machine and process do, as any other component reports: to the store, and so into the export.
actor SelfReporter {
    private nonisolated let loop: EventLoop
    private let configuration: SelfReportConfiguration
    private let intake: Intake
    private let system: SystemReader
    private let started = MonotonicInstant.now

    init(_ configuration: SelfReportConfiguration, _ intake: Intake, on loop: EventLoop) {
        self.configuration = configuration
        self.intake = intake
        self.loop = loop
        system = SystemReader()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    nonisolated var component: Component { configuration.component }

    /// Reports at every interval, if there is one, until the task is cancelled.
    func run() async {
        let isSilent = configuration.interval <= .zero
        while !Task.isCancelled {
            if !isSilent { _ = await report(as: nil) }
            try? await loop.clock.sleep(for: isSilent ? .seconds(3600) : configuration.interval)
        }
    }

    /// Reports now.
    ///
    /// - Parameter name: another than the hub's own.
    func report(as name: String?) async -> ReportOutcome {
        let component = name.map { SelfReportConfiguration.component(named: $0) } ?? component
        let arrived = WallClock.milliseconds
        let report = Report(component: component, metrics: metrics(at: arrived), arrived: arrived)
        return await intake.take(own: report)
    }

    private func metrics(at time: Int64) -> [ReportedMetric] {
        let readings = system.read()
        let workers = intake.latest.components().filter { $0.component.type == Component.workerType && $0.series > 0 }
        let said: [(String, Double?, String, String?)] = [
            ("noetl_system_cpu_usage_percent", readings.processorPercent, "CPU usage percentage", "percent"),
            ("noetl_system_memory_usage_percent", readings.memoryPercent, "Memory usage percentage", "percent"),
            ("noetl_process_memory_rss_bytes", readings.residentBytes, "Resident memory of the server", "bytes"),
            ("noetl_server_active_workers", Double(workers.count), "Workers that report", nil),
            ("noetl_server_queue_size", Double(intake.store.backlog), "Reports that wait for the log", nil),
            (
                "noetl_uptime_seconds", started.duration(to: .now) / .seconds(1), "Since the server was started",
                "seconds"
            ),
        ]
        return said.compactMap { name, value, help, unit in
            value.map {
                ReportedMetric(name: name, kind: .gauge, value: $0, time: time, labels: [], help: help, unit: unit)
            }
        }
    }
}
