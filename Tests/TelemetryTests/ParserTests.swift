import Telemetry
import TestExposition
import Testing

@Suite("Parsers that were not written here")
struct ParserTests {
    /// A registry as a program would have it, which promtool must have nothing to say about.
    private func wellBehaved() throws -> Registry {
        let registry = Registry()
        try registry.counter("jobs_total", help: "Jobs.").increment(by: 12)
        try registry.counter("wait_seconds_total", help: "Waited.", unit: "seconds").increment(by: 0.25)
        let requests = try registry.counter("requests_total", help: "Requests.", labels: ["path", "code"])
        for code in ["200", "404"] { try requests.with("/metrics", code).increment() }
        let values = try registry.gauge("value", help: "A value.", labels: ["which"])
        let numbers: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, 1e300, -1e300, 5e-300, .leastNonzeroMagnitude, 0.1, 1_234_567, 1e15,
            .greatestFiniteMagnitude, .pi,
        ]
        for (index, number) in numbers.enumerated() { try values.with("\(index)").set(number) }
        let texts = try registry.gauge("text", help: "Quote \" backslash \\ newline \n emoji 😀.", labels: ["text"])
        for hostile in [
            "", "\"", "\\", "\n", "\\n", "\\\"", "😀", "a\"b\\c\nd", "}", "{x=\"y\"} 1", "# EOF", "\r\n", "\u{0}",
            "\u{2028}",
        ] {
            try texts.with(hostile).set(1)
        }
        let durations = try registry.histogram(
            "duration_seconds",
            help: "Durations.",
            unit: "seconds",
            labels: ["path"]
        )
        for value in [0.001, 0.02, 0.3, 4, 50] { try durations.with("/").observe(value) }
        try registry.info("build_info", help: "Build.", labels: ["version"]).set("1.2.3")
        try registry.info("target", help: "Target.", labels: ["zone"], form: .info).set("a")
        _ = try registry.stateSet("light", help: "Light.", initial: Light.green)
        try registry.register(FixedFamilies(collected()))
        return registry
    }

    /// What only collectors have.
    private func collected() throws -> [MetricFamily] {
        let quantiles = try Quantiles([0.5, 0.99, 1])
        let summary = try SummaryReading(quantiles: quantiles, values: [.nan, 2, .infinity], sum: 3, count: 4)
        let time = Duration.milliseconds(1_700_000_000_123)
        return try [
            MetricFamily(
                MetricDescriptor("latency_seconds", kind: .summary, help: "Latency.", unit: "seconds"),
                samples: [
                    Sample(.summary(summary)), Sample(.summary(summary), labels: Labels(["a": "\n"]), time: time),
                ]
            ),
            MetricFamily(
                MetricDescriptor("whatever", kind: .unknown, help: "Whatever."),
                samples: [Sample(-1, time: time)]
            ),
        ]
    }

    private static func require(_ families: [MetricFamily], _ sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let registry = Registry()
        try registry.register(FixedFamilies(families))
        for format in Parsers.Format.allCases {
            let found = try Parsers.parse([registry.render(format.exposition)], as: format)
            let expected = Expectation(format: format).lines(of: families)
            #expect(!expected.isEmpty, sourceLocation: sourceLocation)
            #expect(found.map(\.count) == [expected.count], sourceLocation: sourceLocation)
            #expect(Set(found.joined()).symmetricDifference(expected).isEmpty, sourceLocation: sourceLocation)
        }
        _ = try Parsers.lint(registry.render())
    }

    @Test("every kind, hostile labels and extreme numbers come back as the same samples")
    func wellBehavedRegistry() throws {
        let registry = try wellBehaved()
        try Self.require(registry.gather())
        #expect(try Parsers.lint(registry.render()) == [])
    }

    @Test("ten thousand series come back as the same samples")
    func many() throws {
        let registry = Registry()
        let gauges = try registry.gauge("many", help: "Many.", labels: ["number", "text"], limit: 6000)
        for number in 0..<6000 { try gauges.with("\(number)", "value of \(number)").set(Double(number) / 7) }
        let counters = try registry.counter("more", help: "More.", labels: ["number"], limit: 4000)
        for number in 0..<4000 { try counters.with("\(number)").increment(by: number) }
        let families = registry.gather()
        #expect(families.map(\.samples.count).reduce(0, +) == 10_000)
        try Self.require(families)
    }

    @Test("arbitrary text and numbers, from five hundred seeds, come back as the same samples")
    func arbitrary() throws {
        let seeds = Array(UInt64(0)..<500)
        let registries = try seeds.map { seed in
            let registry = Registry()
            try registry.register(HostileFamilies(seed: seed))
            return registry
        }
        for format in Parsers.Format.allCases {
            let found = try Parsers.parse(registries.map { $0.render(format.exposition) }, as: format)
            try #require(found.count == seeds.count)
            for ((seed, registry), samples) in zip(zip(seeds, registries), found) {
                let expected = Expectation(format: format).lines(of: registry.gather())
                #expect(samples.count == expected.count, "seed \(seed)")
                #expect(Set(samples).symmetricDifference(expected).isEmpty, "seed \(seed)")
            }
        }
        for registry in registries.prefix(100) { _ = try Parsers.lint(registry.render()) }
    }

    @Test("the parsers do refuse what is wrong")
    func refusal() throws {
        #expect(throws: Parsers.Refused.self) { try Parsers.lint(Array("x{a=\"\\q\"} 1\n".utf8)) }
        #expect(throws: Parsers.Refused.self) { try Parsers.parse([Array("x 1\n".utf8)], as: .openmetrics) }
        #expect(try Parsers.lint(Array("# TYPE x counter\nx 1\n".utf8)).count > 0)
    }
}
