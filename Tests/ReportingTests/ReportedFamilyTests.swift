import Telemetry
import Testing

@testable import Reporting

@Suite("Families as a hub takes them")
struct ReportedFamilyTests {
    private enum Light: String, CaseIterable {
        case red, green
    }

    private static func lines(_ registry: Registry) -> [String] {
        var lines: [String] = []
        for family in registry.gather() {
            family.forEachReportedSample(at: .seconds(5)) { sample in
                let labels = sample.allLabels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                lines.append("\(sample.kind) \(sample.name){\(labels)} \(sample.value)")
            }
        }
        return lines
    }

    @Test("a counter has its suffix, a gauge has none")
    func numbers() throws {
        let registry = Registry()
        try registry.counter("jobs", help: "Jobs.", labels: ["queue"]).with("fast").increment(by: 3)
        try registry.gauge("level", help: "Level.").set(1.5)
        #expect(Self.lines(registry) == ["counter jobs_total{queue=fast} 3.0", "gauge level{} 1.5"])
    }

    @Test("a histogram is counters, of which quantiles can be asked")
    func histogram() throws {
        let registry = Registry()
        let histogram = try registry.histogram("d", help: "D.", buckets: Buckets([1, 2]), labels: ["zone"]).with("z")
        histogram.observe(1.5)
        histogram.observe(9)
        #expect(
            Self.lines(registry) == [
                "counter d_bucket{zone=z,le=1.0} 0.0", "counter d_bucket{zone=z,le=2.0} 1.0",
                "counter d_bucket{zone=z,le=+Inf} 2.0", "counter d_sum{zone=z} 10.5", "counter d_count{zone=z} 2.0",
            ]
        )
    }

    @Test("a summary is gauges by quantile, and two counters")
    func summary() throws {
        let reading = try SummaryReading(quantiles: Quantiles([0.5]), values: [0.25], sum: 4, count: 9)
        let family = MetricFamily(
            try MetricDescriptor("s", kind: .summary, help: ""),
            samples: [Sample(.summary(reading))]
        )
        var lines: [String] = []
        family.forEachReportedSample(at: .zero) {
            lines.append("\($0.kind) \($0.name) \($0.allLabels.count) \($0.value)")
        }
        #expect(lines == ["gauge s 1 0.25", "counter s_sum 0 4.0", "counter s_count 0 9.0"])
    }

    @Test("facts and states are gauges with the labels that they have in text")
    func facts() throws {
        let registry = Registry()
        try registry.info("build", help: "Build.", labels: ["version"], form: .info).set("1.0")
        _ = try registry.stateSet("light", help: "Light.", initial: Light.green)
        #expect(
            Self.lines(registry) == [
                "gauge build_info{version=1.0} 1.0", "gauge light{light=red} 0.0", "gauge light{light=green} 1.0",
            ]
        )
    }

    @Test("a sample has the time of the reading unless it has one of its own; a help that is too long is cut")
    func rest() throws {
        let long = String(repeating: "é", count: 1000)
        let family = MetricFamily(
            try MetricDescriptor("a_seconds", kind: .gauge, help: long, unit: "seconds"),
            samples: [Sample(1), Sample(2, labels: try Labels(["a": "b"]), time: .seconds(3))]
        )
        var samples: [ReportedSample] = []
        family.forEachReportedSample(at: .seconds(5)) { samples.append($0) }
        #expect(samples.map(\.time) == [.seconds(5), .seconds(3)])
        #expect(samples.map(\.unit) == ["seconds", "seconds"])
        #expect(samples.first?.help?.utf8.count == 1024)
    }
}
