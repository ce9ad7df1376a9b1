import Telemetry
import TelemetryServer

func telemetryBenchmarks() throws -> [Benchmark] {
    let counter = Counter()
    let gauge = Gauge()
    let histogram = Histogram()
    let family = try Registry().counter("x", help: "", labels: ["path", "code"])
    let count: @Sendable (Int) -> Void = { for _ in 0..<$0 { counter.increment() } }
    let countFractions: @Sendable (Int) -> Void = { for _ in 0..<$0 { counter.increment(by: 0.5) } }
    let observe: @Sendable (Int) -> Void = { for number in 0..<$0 { histogram.observe(Double(number & 7)) } }
    return [
        Benchmark("Counter increment, alone", repeated: count),
        Benchmark("Counter increment, per increment of two threads") { onThreads(2, $0, count) },
        Benchmark("Counter increment by 0.5, alone", repeated: countFractions),
        Benchmark("Counter increment by 0.5, of two threads") { onThreads(2, $0, countFractions) },
        Benchmark("Gauge set") { count in for _ in 0..<count { gauge.set(1) } },
        Benchmark("Histogram observe (11 bounds), alone", repeated: observe),
        Benchmark("Histogram observe (11 bounds), of two threads") { onThreads(2, $0, observe) },
        Benchmark("Labeled with (2 labels)") { blackHole(try family.with("/metrics", "200")) },
        Benchmark("Negotiate Prometheus 3's Accept") {
            blackHole(ExpositionFormat.negotiate(accept: prometheusAccept))
        },
        Benchmark("Negotiate Accept-Encoding") { blackHole(ContentEncoding.negotiate(acceptEncoding: acceptEncoding)) },
        Benchmark("Process collector", { [collector = try ProcessCollector()] in blackHole(collector.collect()) }),
    ]
}

private let prometheusAccept = Array(
    ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2").utf8
)
private let acceptEncoding = Array("gzip, deflate, br".utf8)

/// Rendering, for the registry of a small program and for one of ten thousand series.
func exposition() throws -> [Benchmark] {
    let small = try registry(series: 50)
    let large = try registry(series: 10_000)
    let fractions = try registry(series: 10_000) { Double($0) / 7 }
    let families = small.gather()
    let collected = Registry()
    try collected.register(Collected(families: 20))
    let light = Registry()
    _ = try light.stateSet("light", help: "Light.", initial: Light.green)
    let body = Array(small.render(.text004).prefix(2500))
    return [
        Benchmark("gather 50 series") { blackHole(small.gather()) },
        Benchmark("gather 20 families of a collector") { blackHole(collected.gather()) },
        Benchmark("render a state set of 3, text") { blackHole(light.render(.text004)) },
        Benchmark("render 50 series, text") { blackHole(small.render(.text004)) },
        Benchmark("render 50 series, OpenMetrics") { blackHole(small.render(.openMetrics100)) },
        Benchmark("render 10000 series, text") { blackHole(large.render(.text004)) },
        Benchmark("render 10000 series, OpenMetrics") { blackHole(large.render(.openMetrics100)) },
        Benchmark("render 10000 series of long fractions, text") { blackHole(fractions.render(.text004)) },
        Benchmark("gzip of 2500 bytes") { blackHole(Gzip.compress(body)) },
        Benchmark("gzip of 2500 bytes, level 1") { blackHole(Gzip.compress(body, level: 1)) },
        Benchmark("RenderedMetrics of 50 series (4 bodies)") { blackHole(RenderedMetrics(families)) },
        Benchmark("RenderedMetrics of 10000 series (4 bodies)") { blackHole(RenderedMetrics(large)) },
    ]
}

/// A tenth of the series counters, two histograms of 14 lines each, the rest gauges with two labels.
private func registry(series: Int, value: (Int) -> Double = { Double($0 * 37) }) throws -> Registry {
    let registry = Registry()
    let counters = try registry.counter(
        "http_requests_total",
        help: "Requests answered.",
        labels: ["path", "code"],
        limit: series
    )
    let gauges = try registry.gauge("queue_length", help: "Tasks waiting.", labels: ["queue", "host"], limit: series)
    let histograms = try registry.histogram("duration_seconds", help: "Durations.", unit: "seconds", labels: ["path"])
    for path in ["/metrics", "/healthz"] { try histograms.with(path).observe(0.2) }
    let rest = series - 28
    for number in 0..<series / 10 { try counters.with("/path/\(number)", "200").increment(by: number * 11) }
    for number in series / 10..<rest { try gauges.with("queue-\(number)", "host.example").set(value(number)) }
    return registry
}

/// Yields families that it has announced, in another order.
private struct Collected: Collector {
    let descriptors: [MetricDescriptor]

    init(families: Int) throws {
        descriptors = try (0..<families).map {
            try MetricDescriptor("collected_\($0)", kind: .gauge, help: "Collected.")
        }
    }

    func collect() -> [MetricFamily] { descriptors.reversed().map { MetricFamily($0, samples: [Sample(1)]) } }
}

private enum Light: String, CaseIterable {
    case red, amber, green
}
