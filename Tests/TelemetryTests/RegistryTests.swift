import Synchronization
import Telemetry
import Testing

@Suite("Registry")
struct RegistryTests {
    @Test(
        "names that a reader could misread are refused",
        arguments: ["", "1a", "a-b", "a b", "a.b", "é", "a\n", "a\"", "_total", "a{"]
    )
    func names(name: String) {
        let registry = Registry()
        if name != "_total" {
            #expect(throws: MetricsError.invalidName(name)) { try registry.gauge(name, help: "") as Gauge }
        }
        #expect(throws: MetricsError.self) { try registry.counter(name, help: "") as Counter }
        #expect(throws: MetricsError.self) { try MetricDescriptor(verbatim: name, kind: .counter, help: "") }
        #expect(registry.gather().isEmpty)
    }

    @Test("label names that are reserved, malformed or repeated are refused")
    func labelNames() throws {
        let registry = Registry()
        let wrong: [([String], MetricsError)] = [
            (["le"], .reservedLabelName("le")), (["quantile"], .reservedLabelName("quantile")),
            (["__name__"], .invalidLabelName("__name__")), (["a:b"], .invalidLabelName("a:b")),
            ([""], .invalidLabelName("")), (["a", "b", "a"], .duplicateLabelName("a")),
        ]
        for (labels, error) in wrong {
            #expect(throws: error) { try registry.gauge("x", help: "", labels: labels) }
            #expect(throws: error) { try registry.info("x", help: "", labels: labels) }
            #expect(throws: error) { try Labels(labels.map { (name: $0, value: "") }) }
            #expect("\(error)".contains("'"))
        }
        _ = try registry.gauge("x", help: "", labels: ["a"])
        let info = try registry.info("y", help: "", labels: ["a"])
        #expect(throws: MetricsError.labelCount(metric: "y", expected: 1, given: 2)) { try info.set("1", "2") }
        #expect(MetricsError.labelCount(metric: "y", expected: 1, given: 2).description.contains("'y' has 1 labels"))
    }

    private static let clashes: [(MetricKind, String, MetricKind, String, clash: String)] = [
        (.gauge, "x", .gauge, "x", "x"), (.gauge, "x", .counter, "x", "x"), (.counter, "x_total", .counter, "x", "x"),
        (.gauge, "x_total", .counter, "x", "x_total"), (.histogram, "x", .gauge, "x_count", "x_count"),
        (.gauge, "x_bucket", .histogram, "x", "x_bucket"), (.histogram, "x", .counter, "x", "x"),
        (.info, "x_info", .gauge, "x", "x"), (.summary, "x", .histogram, "x", "x"),
        (.stateset, "x", .info, "x", "x"), (.gaugehistogram, "x", .gauge, "x_gcount", "x_gcount"),
        (.counter, "x", .gauge, "x_created", "x_created"), (.histogram, "x", .counter, "x_sum_total", "x_sum"),
    ]

    @Test("two families that would print the same name are an error that names both", arguments: clashes)
    func clash(kind: MetricKind, name: String, otherKind: MetricKind, otherName: String, clash: String) throws {
        struct One: Collector {
            let descriptors: [MetricDescriptor]
            func collect() -> [MetricFamily] { [] }
        }
        let registry = Registry()
        let first = try MetricDescriptor(name, kind: kind, help: "")
        let second = try MetricDescriptor(otherName, kind: otherKind, help: "")
        try registry.register(One(descriptors: [first]))
        let error = MetricsError.nameClash(
            new: second.name,
            newKind: otherKind,
            existing: first.name,
            existingKind: kind,
            name: clash
        )
        #expect(throws: error) { try registry.register(One(descriptors: [second])) }
        #expect(error.description.contains("'\(first.name)'") && error.description.contains("'\(second.name)'"))
        _ = try registry.gauge("other", help: "") as Gauge
    }

    @Test("a refused collector takes none of its names")
    func refusedCollector() throws {
        struct Two: Collector {
            let descriptors: [MetricDescriptor]
            func collect() -> [MetricFamily] { [] }
        }
        let registry = Registry()
        _ = try registry.gauge("taken", help: "") as Gauge
        let names = ["free", "taken"]
        let descriptors = try names.map { try MetricDescriptor($0, kind: .gauge, help: "") }
        #expect(throws: MetricsError.self) { try registry.register(Two(descriptors: descriptors)) }
        _ = try registry.gauge("free", help: "") as Gauge
    }

    @Test("a unit must end the name")
    func units() throws {
        #expect(throws: MetricsError.unitNotInName(name: "x", unit: "bytes")) {
            try MetricDescriptor("x_total", kind: .counter, help: "", unit: "bytes")
        }
        #expect(MetricsError.unitNotInName(name: "x", unit: "bytes").description.contains("'x_bytes'"))
        #expect(throws: MetricsError.invalidName("b c")) {
            try MetricDescriptor("x", kind: .gauge, help: "", unit: "b c")
        }
        for kind in [MetricKind.info, .stateset] {
            let error = MetricsError.unitNotAllowed(name: "x_bytes", kind: kind)
            #expect(throws: error) { try MetricDescriptor("x_bytes", kind: kind, help: "", unit: "bytes") }
            #expect(error.description.contains("'x_bytes' cannot have a unit"))
        }
        #expect(try MetricDescriptor("x_bytes_total", kind: .counter, help: "", unit: "bytes").name == "x_bytes")
    }

    @Test("a series that is removed is gone and leaves its place to another; what comes again begins anew")
    func removed() throws {
        let registry = Registry()
        let family = try registry.counter("x", help: "", labels: ["a", "b"], limit: 2)
        let first = try family.with("1", "y")
        first.increment(by: 5)
        try family.with("2", "y").increment()
        family.remove("1", "z")
        family.remove("1")
        family.remove("1", "y")
        first.increment()
        let lines = { text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") } }
        #expect(lines() == ["x_total{a=\"2\",b=\"y\"} 1"])
        try family.with("3", "y").increment()
        #expect(lines() == ["x_total{a=\"2\",b=\"y\"} 1", "x_total{a=\"3\",b=\"y\"} 1"] && family.overflowed == 0)
        family.remove("3", "y")
        #expect(try family.with("1", "y") !== first)
        #expect(lines() == ["x_total{a=\"1\",b=\"y\"} 0", "x_total{a=\"2\",b=\"y\"} 1"])
    }

    @Test("over the limit, new label sets share one series and are counted")
    func overflow() throws {
        let registry = Registry()
        let family = try registry.counter("x", help: "", labels: ["a", "b"], limit: 3)
        for number in 0..<10 { try family.with("\(number)", "y").increment() }
        try family.with("0", "y").increment()
        #expect(family.overflowed == 7)
        let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "x_total{a=\"0\",b=\"y\"} 2", "x_total{a=\"1\",b=\"y\"} 1", "x_total{a=\"2\",b=\"y\"} 1",
                "x_total{a=\"overflow\",b=\"overflow\"} 7",
            ]
        )
        #expect(throws: MetricsError.labelCount(metric: "x", expected: 2, given: 1)) { try family.with("1") }
    }

    @Test("the same labels are the same instrument")
    func identity() throws {
        let registry = Registry()
        let gauges = try registry.gauge("x", help: "", labels: ["a"])
        #expect(try gauges.with("1") === gauges.with("1"))
        #expect(try gauges.with("1") !== gauges.with("2"))
        let histograms = try registry.histogram("y", help: "", labels: ["a"])
        #expect(try histograms.with("1") === histograms.with("1"))
    }

    @Test("families keep the order of registration, series the order of their labels")
    func order() throws {
        let registry = Registry()
        for name in ["z", "a", "m"] { _ = try registry.gauge(name, help: "") as Gauge }
        let family = try registry.gauge("labelled", help: "", labels: ["l"])
        for value in ["b", "c", "a"] { _ = try family.with(value) }
        #expect(registry.gather().map(\.descriptor.name) == ["z", "a", "m", "labelled"])
        _ = try family.with("0")
        #expect(registry.gather()[3].samples.map { $0.labels.pairs[0].value } == ["0", "a", "b", "c"])
    }

    @Test("a collector's repeated families and series do not reach a reader")
    func careless() throws {
        struct Careless: Collector {
            let announced: MetricDescriptor
            var descriptors: [MetricDescriptor] { [announced] }
            func collect() -> [MetricFamily] {
                let one = (try? Labels(["a": "1", "b": "2"])) ?? .none
                let same = (try? Labels(["b": "2", "a": "1"])) ?? .none
                return [
                    MetricFamily(announced, samples: [Sample(1, labels: one), Sample(2, labels: same), Sample(3)]),
                    MetricFamily(announced, samples: [Sample(4)]),
                ]
            }
        }
        let registry = Registry()
        try registry.register(Careless(announced: MetricDescriptor("x", kind: .gauge, help: "")))
        #expect(text(registry) == "# HELP x \n# TYPE x gauge\nx{a=\"1\",b=\"2\"} 1\nx 3\n")
        #expect(registry.familiesRefused == 1)
    }

    @Test("a callback may use the registry that calls it")
    func reentrant() throws {
        let registry = Registry()
        let depth = Mutex(0)
        try registry.gauge("x", help: "") { [unowned registry] in
            let isOuter = depth.withLock { depth in
                depth += 1
                return depth == 1
            }
            return isOuter ? Double(registry.gather().count) : 0
        }
        #expect(text(registry).hasSuffix("x 1\n"))
    }

    @Test("the buckets of durations are those of the official client libraries")
    func durations() throws {
        #expect(try Buckets.durations == Buckets([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]))
    }

    @Test("buckets must be finite, ascending and at least one")
    func buckets() throws {
        for wrong in [[], [1, 1], [2, 1], [.nan], [1, .infinity], [-.infinity, 0]] as [[Double]] {
            #expect(throws: MetricsError.self) { try Buckets(wrong) }
        }
        #expect(MetricsError.invalidBuckets([2, 1]).description.hasPrefix("[2.0, 1.0]"))
        #expect(try Buckets.exponential(start: 1, factor: 10, count: 3) == Buckets([1, 10, 100]))
        #expect(try Set([Buckets([1]), Buckets([1]), Buckets([2])]).count == 2)
        #expect(throws: MetricsError.self) { try Buckets.exponential(start: 1, factor: 10, count: -1) }
        #expect(throws: MetricsError.bucketCount(expected: 2, given: 1)) {
            try HistogramReading(buckets: Buckets([1]), counts: [1], sum: 1)
        }
        #expect(MetricsError.bucketCount(expected: 2, given: 1).description.contains("2 counts, not 1"))
    }

    @Test("quantiles must be from 0 to 1 and ascending, each with a value")
    func quantiles() throws {
        for wrong in [[0.5, 0.5], [0.9, 0.5], [-0.1], [1.1], [.nan], [.infinity]] as [[Double]] {
            #expect(throws: MetricsError.self) { try Quantiles(wrong) }
        }
        #expect(MetricsError.invalidQuantiles([2]).description.hasPrefix("[2.0]"))
        #expect(try Quantiles([-0.0, 1]).ranks.map(\.sign) == [.plus, .plus])
        #expect(try Set([Quantiles([]), Quantiles([]), Quantiles([0.5])]).count == 2)
        #expect(throws: MetricsError.quantileCount(expected: 1, given: 0)) {
            try SummaryReading(quantiles: Quantiles([0.5]), values: [], sum: 0, count: 0)
        }
        #expect(MetricsError.quantileCount(expected: 1, given: 0).description.contains("1 values, not 0"))
    }

    @Test("descriptors are equal if they say the same, however they were made")
    func descriptors() throws {
        let counter = try MetricDescriptor("x", kind: .counter, help: "")
        #expect(try counter == MetricDescriptor("x_total", kind: .counter, help: ""))
        #expect(try counter == MetricDescriptor(verbatim: "x_total", kind: .counter, help: ""))
        #expect(try counter != MetricDescriptor(verbatim: "x", kind: .counter, help: ""))
        #expect(try counter != MetricDescriptor("x", kind: .counter, help: "Else."))
        #expect(try counter != MetricDescriptor("x", kind: .gauge, help: ""))
        #expect(
            try MetricDescriptor(verbatim: "x", kind: .gauge, help: "") == MetricDescriptor("x", kind: .gauge, help: "")
        )
    }
}
