import CAllocationCounter
import Hub
import Synchronization
import Telemetry

/// What a report costs the hub, without the request that brings it, and what a render costs.
func hubBenchmarks() throws -> [Benchmark] {
    let decoder = ReportDecoder()
    let body = reportBody(of: "worker-cpu-01")
    let site = Site(components: 2000)
    let next = Mutex(0)
    func change(_ reports: Int, _ encoding: ContentEncoding) -> () throws -> Void {
        {
            for _ in 0..<reports {
                try site.report(
                    next.withLock { next in
                        next += 1; return next
                    }
                )
            }
            blackHole(site.rendered(.openMetrics100, encoding))
        }
    }
    _ = site.rendered(.openMetrics100, .gzip)
    return [
        Benchmark("decode a report of 5 metrics (\(body.count) bytes)") {
            blackHole(try decoder.decode(body, arrived: Site.arrival))
        },
        Benchmark("admit and apply 5 metrics, 10000 series held") {
            try site.report(
                next.withLock { next in
                    next += 1; return next
                }
            )
        },
        Benchmark("1000 reports and a render of 10000 series", change(1000, .identity)),
        Benchmark("1000 reports and a render of 10000 series, gzip", change(1000, .gzip)),
        Benchmark("10 reports and a render of 10000 series, gzip", change(10, .gzip)),
        Benchmark("no report and a render of 10000 series, gzip", change(0, .gzip)),
    ]
}

/// How much memory each of 100,000 held series takes, before anything is rendered, and how long what is rendered is.
func printHeldMemory() throws {
    let before = allocated_bytes()
    let latest = Latest()
    for number in 0..<10_000 {
        let report = Site.report(of: number, 1, metrics: 10)
        latest.apply(try latest.admit(DecodedReport(report)))
    }
    let after = allocated_bytes()
    print("\((after - before) / UInt64(latest.seriesCount)) bytes per series, of \(latest.seriesCount)")
    var renderer = LatestRenderer()
    let bodies = renderer.render(latest)
    let plain = bodies.representation(.openMetrics100, .identity).body
    let pieces = bodies.representation(.openMetrics100, .gzip).body
    print(
        "\(plain.count) bytes rendered, \(pieces.count) in pieces of level 1, \(Gzip.compress(plain)?.count ?? 0) whole of level 6"
    )
    print("\((allocated_bytes() - before) / UInt64(latest.seriesCount)) bytes per series with these bodies")
}

/// Workers with five series each, and what is rendered of them.
private final class Site: Sendable {
    static let arrival: Int64 = 1_800_000_000_000

    private let latest = Latest()
    private let renderer = Mutex(LatestRenderer())
    private let components: Int

    init(components: Int) {
        self.components = components
        for number in 0..<components { try? report(number) }
    }

    /// One worker after the other, with other values each time.
    func report(_ number: Int) throws {
        let report = Self.report(of: number % components, Double(number) / 7, metrics: 5)
        latest.apply(try latest.admit(DecodedReport(report)))
    }

    func rendered(_ format: ExpositionFormat, _ encoding: ContentEncoding) -> RenderedMetrics.Body {
        renderer.withLock { $0.render(latest) }.representation(format, encoding)
    }

    static func report(of component: Int, _ value: Double, metrics: Int) -> Report {
        let labels = [ReportedLabel(name: "hostname", value: "node-\(component)")]
        return Report(
            component: Component(type: "worker_pool", name: "worker-\(component)"),
            metrics: (0..<metrics).map { number in
                ReportedMetric(
                    name: "noetl_system_measured_\(number)_percent",
                    kind: .gauge,
                    value: value + Double(number),
                    time: arrival,
                    labels: labels,
                    help: "How much of it is used",
                    unit: "percent"
                )
            },
            arrived: arrival
        )
    }
}

/// What a worker's library sends: five metrics with labels, help and unit.
private func reportBody(of component: String) -> [UInt8] {
    let metrics = [
        ("noetl_system_cpu_usage_percent", "45.2", "CPU usage percentage", "percent"),
        ("noetl_system_memory_usage_percent", "61.75", "Memory usage percentage", "percent"),
        ("noetl_process_memory_rss_bytes", "183500800", "Resident set size of the process", "bytes"),
        ("noetl_worker_active_tasks", "7", "Tasks under way", "tasks"),
        ("noetl_worker_queue_size", "12", "Tasks waiting", "tasks"),
    ].map { name, value, help, unit in
        """
        {"metric_name": "\(name)", "metric_type": "gauge", "metric_value": \(value), \
        "timestamp": "2024-01-01T12:00:00.123456Z", "labels": {"component": "\(component)", "hostname": "node-1"}, \
        "help_text": "\(help)", "unit": "\(unit)"}
        """
    }.joined(separator: ", ")
    return Array(
        #"{"component_name": "\#(component)", "component_type": "worker_pool", "metrics": [\#(metrics)]}"#.utf8
    )
}
