import Telemetry
import Testing

@Suite("Families that nobody announced")
struct UnannouncedTests {
    private func family(_ name: String, _ value: Double = 1, kind: MetricKind = .gauge) throws -> MetricFamily {
        MetricFamily(try MetricDescriptor(name, kind: kind, help: ""), samples: [Sample(value)])
    }

    private func lines(_ registry: Registry) -> [String] {
        text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("they come out after what was announced, in the collector's order")
    func order() throws {
        let registry = Registry()
        let announced = try [family("b"), family("a")]
        let families = try [family("z"), announced[1], family("y"), announced[0]]
        try registry.register(FixedFamilies(families, announced: announced.map(\.descriptor)))
        #expect(lines(registry) == ["b 1", "a 1", "z 1", "y 1"])
        #expect(registry.familiesRefused == 0)
    }

    @Test("a name that another entry has is refused and counted, even if that one has nothing to say")
    func taken() throws {
        let registry = Registry()
        try registry.register(FixedFamilies([family("x", kind: .counter), family("free")], announced: []))
        try registry.gauge("x_total", help: "") { nil }
        #expect(lines(registry) == ["free 1"])
        #expect(registry.familiesRefused == 1)
        #expect(lines(registry) == ["free 1"])
        #expect(registry.familiesRefused == 2)
    }

    @Test("of two in one gathering the first stands, and neither is remembered")
    func first() throws {
        let registry = Registry()
        try registry.register(FixedFamilies([family("x", 1), family("x", 2)], announced: []))
        try registry.register(FixedFamilies([family("x_sum", 3), family("x", 4, kind: .unknown)], announced: []))
        #expect(lines(registry) == ["x 1", "x_sum 3"])
        #expect(registry.familiesRefused == 2)
        _ = try registry.gauge("x_count", help: "") as Gauge
        let gauge = try registry.gauge("x", help: "") as Gauge
        gauge.set(5)
        #expect(lines(registry) == ["x_sum 3", "x_count 0", "x 5"])
    }

    @Test("a collector may say something else under a name of its own, but not twice")
    func own() throws {
        let announced = try MetricDescriptor("x", kind: .gauge, help: "")
        let instead = Registry()
        try instead.register(FixedFamilies([family("x", 2, kind: .unknown)], announced: [announced]))
        #expect(lines(instead) == ["x 2"])
        #expect(instead.familiesRefused == 0)
        let twice = Registry()
        try twice.register(
            FixedFamilies([family("x", 2, kind: .unknown), family("x", 1), family("x", 3)], announced: [announced])
        )
        #expect(lines(twice) == ["x 1"])
        #expect(twice.familiesRefused == 2)
    }

    @Test("a family without samples takes no name")
    func empty() throws {
        let registry = Registry()
        let empty = MetricFamily(try MetricDescriptor("x", kind: .gauge, help: ""))
        try registry.register(FixedFamilies([empty, family("x", 2)], announced: []))
        #expect(lines(registry) == ["x 2"])
        #expect(registry.familiesRefused == 0)
    }

    @Test("a series of theirs that is there twice comes out once")
    func repetition() throws {
        let registry = Registry()
        var family = try family("x", 1)
        family.samples.append(Sample(2))
        try registry.register(FixedFamilies([family], announced: []))
        #expect(lines(registry) == ["x 1"])
    }
}
