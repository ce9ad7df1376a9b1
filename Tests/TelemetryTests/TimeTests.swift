import Telemetry
import TestExposition
import Testing

@Suite("Times")
struct TimeTests {
    private static let table: [(time: Duration, text: String, openMetrics: String)] = [
        (.zero, "0", "0"), (.milliseconds(1), "1", "0.001"), (.milliseconds(10), "10", "0.010"),
        (.milliseconds(100), "100", "0.100"), (.seconds(1), "1000", "1"),
        (.milliseconds(1_700_000_000_123), "1700000000123", "1700000000.123"),
        (.milliseconds(1_700_000_000_120), "1700000000120", "1700000000.120"), (.microseconds(1999), "1", "0.001"),
        (.milliseconds(-1), "-1", "-0.001"), (.milliseconds(-12_500), "-12500", "-12.500"),
        (.milliseconds(1 << 53), "9007199254740992", "9007199254740.992"),
    ]

    private func family(_ time: Duration?) throws -> MetricFamily {
        MetricFamily(try MetricDescriptor("x", kind: .gauge, help: ""), samples: [Sample(2, time: time)])
    }

    @Test("text has whole milliseconds, OpenMetrics seconds", arguments: table)
    func written(time: Duration, milliseconds: String, seconds: String) throws {
        let family = try family(time)
        #expect(try FixedFamilies.render([family]).hasSuffix("\nx 2 \(milliseconds)\n"))
        #expect(try FixedFamilies.render([family], .openMetrics100).hasSuffix("\nx 2.0 \(seconds)\n# EOF\n"))
    }

    @Test(
        "a time that no reader can hold is as if none had been given",
        arguments: [
            nil, .milliseconds((1 << 53) + 1), .milliseconds(-(1 << 53) - 1), .seconds(Int64.max), .seconds(Int64.min),
            .seconds(Int64.max) * 10, .seconds(Int64.min) * 10,
        ] as [Duration?]
    )
    func none(time: Duration?) throws {
        #expect(try family(time).samples[0].time == nil)
        #expect(try FixedFamilies.render([family(time)]).hasSuffix("\nx 2\n"))
    }

    @Test("a time is kept in whole milliseconds")
    func precision() throws {
        let time = Duration.nanoseconds(1_234_567_890)
        #expect(try family(time).samples[0].time == .milliseconds(1234))
    }

    @Test("nothing of ours sets a time")
    func instruments() throws {
        let registry = Registry()
        try registry.counter("a", help: "").increment()
        _ = try registry.histogram("b", help: "") as Histogram
        _ = try registry.stateSet("c", help: "", initial: Light.red)
        #expect(registry.gather().flatMap(\.series).allSatisfy { $0.time == nil })
    }

    @Test("an info of which some samples have a time passes the strict parser")
    func mixed() throws {
        let samples = try [
            Sample(1, labels: Labels(["a": "1"]), time: .seconds(1)), Sample(1, labels: Labels(["a": "2"])),
        ]
        let family = MetricFamily(try MetricDescriptor("x", kind: .info, help: ""), samples: samples)
        let body = try FixedFamilies.render([family], .openMetrics100)
        #expect(try Parsers.parse([Array(body.utf8)], as: .openmetrics).map(\.count) == [2])
    }
}
