import AsyncHTTP
import JSON
import Telemetry
import TestExposition
import Testing

@testable import Reporting

@Suite("Reports as they are written")
struct ReportWriterTests {
    private static func written(
        _ samples: [ReportedSample],
        _ change: (inout ReportConfiguration) -> Void = { _ in }
    ) -> [ReportBody] {
        var configuration = ReportConfiguration(name: "w", type: "t")
        change(&configuration)
        var writer = ReportWriter(configuration, ReportIdentifiers(SeededGenerator(seed: 1)))
        for sample in samples { writer.append(sample) }
        return writer.finish()
    }

    private static func text(_ bodies: [ReportBody]) -> String {
        bodies.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    }

    @Test("a report says who reports, and its name is one that nobody else will give")
    func head() throws {
        let bodies = Self.written([ReportedSample("a", .gauge, 1)]) {
            $0.instance = #"i"1"#
            $0.ttl = .milliseconds(60_250)
        }
        let identifier = try #require(bodies.first?.identifier)
        #expect(
            Self.text(bodies) == """
                {"component_name":"w","component_type":"t","instance":"i\\"1","ttl_seconds":60.250,\
                "report_id":"\(identifier)","metrics":[\
                {"metric_name":"a","metric_type":"gauge","metric_value":1}]}
                """
        )
        let parts = identifier.split(separator: "-").map(\.count)
        #expect(parts == [8, 4, 4, 4, 12])
        #expect(identifier != ReportIdentifiers(SeededGenerator(seed: 2)).next())
    }

    @Test(
        "each field of a sample is there once",
        arguments: [
            (ReportedSample("a", .counter, 2), #"{"metric_name":"a","metric_type":"counter","metric_value":2}"#),
            (ReportedSample("a", .gauge, -0.5), #"{"metric_name":"a","metric_type":"gauge","metric_value":-0.5}"#),
            (ReportedSample("a", .gauge, 1e300), #"{"metric_name":"a","metric_type":"gauge","metric_value":1e+300}"#),
            (
                ReportedSample("a", .gauge, .leastNonzeroMagnitude),
                #"{"metric_name":"a","metric_type":"gauge","metric_value":5e-324}"#
            ),
            (ReportedSample("a", .gauge, .nan), #"{"metric_name":"a","metric_type":"gauge","metric_value":"NaN"}"#),
            (
                ReportedSample("a", .gauge, .infinity),
                #"{"metric_name":"a","metric_type":"gauge","metric_value":"+Inf"}"#
            ),
            (
                ReportedSample("a", .gauge, -.infinity),
                #"{"metric_name":"a","metric_type":"gauge","metric_value":"-Inf"}"#
            ),
            (
                ReportedSample("a", .gauge, 1, time: .milliseconds(1_700_000_000_007), help: "He\"lp", unit: "s"),
                #"{"metric_name":"a","metric_type":"gauge","metric_value":1,"timestamp":1700000000.007,"#
                    + #""help_text":"He\"lp","unit":"s"}"#
            ),
        ]
    )
    func sample(sample: ReportedSample, text: String) throws {
        #expect(Self.text(Self.written([sample])).hasSuffix(#""metrics":[\#(text)]}"#))
    }

    @Test("the labels of the program are on every sample that has none of that name itself")
    func labels() throws {
        let samples = [
            ReportedSample("a", .gauge, 1),
            ReportedSample("b", .gauge, 1, labels: try Labels(["queue": "x\ny"])),
            ReportedSample("c", .gauge, 1, labels: try Labels(["hostname": "other"])),
        ]
        let labels = try Labels(["hostname": "node-1"])
        let text = Self.text(Self.written(samples) { $0.labels = labels })
        #expect(text.contains(#""metric_value":1,"labels":{"hostname":"node-1"}}"#))
        #expect(text.contains(#""labels":{"hostname":"node-1","queue":"x\ny"}}"#))
        #expect(text.contains(#""labels":{"hostname":"other"}}"#))
    }

    @Test("what is too much for one report is several, each with a name of its own", arguments: [1, 7, 8, 9, 100])
    func splitting(count: Int) {
        let samples = (0..<count).map { ReportedSample("a", .gauge, Double($0)) }
        let bodies = Self.written(samples) { $0.limits.samplesPerReport = 8 }
        #expect(bodies.count == (count + 7) / 8)
        #expect(bodies.map(\.samples).reduce(0, +) == count)
        #expect(bodies.flatMap { SentReport($0.bytes).values("a") } == (0..<count).map(Double.init))
        #expect(Set(bodies.map(\.identifier)).count == bodies.count)
    }

    @Test("no report is longer than a hub takes, whatever its texts are made of")
    func bytes() throws {
        let hard = try Labels(["v": String(repeating: "\u{1}", count: 40)])
        let samples = (0..<50).map { ReportedSample("a", .gauge, Double($0), labels: hard) }
        let bodies = Self.written(samples) { $0.limits.report = .bytes(1000) }
        #expect(bodies.allSatisfy { $0.bytes.count <= 1000 && $0.samples > 0 })
        #expect(bodies.flatMap { SentReport($0.bytes).values("a") } == (0..<50).map(Double.init))
    }

    @Test("a sample that no report can hold costs itself")
    func oversized() throws {
        let long = ReportedSample("a", .gauge, 1, help: String(repeating: "x", count: 2000))
        var configuration = ReportConfiguration(name: "w", type: "t")
        configuration.limits.report = .bytes(1000)
        var writer = ReportWriter(configuration, ReportIdentifiers(SeededGenerator(seed: 1)))
        for sample in [long, ReportedSample("b", .gauge, 2), long] { writer.append(sample) }
        #expect(writer.oversized == 2)
        #expect(writer.finish().map { SentReport($0.bytes).values("b") } == [[2]])
    }

    @Test("without samples it is a sign of life")
    func empty() {
        let bodies = Self.written([])
        #expect(bodies.map(\.samples) == [0])
        #expect(bodies.first.map { SentReport($0.bytes).document?["metrics"] } == .array([]))
    }
}
