import TestExposition
import Testing

@testable import Hub

@Suite("Samples that look like those before them")
struct RepeatedSamplesTests {
    /// Things that samples of one report may have in common, and things that only look so.
    private static let parts: [[String]] = [
        [
            #""metric_name":"a""#, #""metric_name": "a""#, #""metric_name":"ab""#, #""metric_name":"up""#,
            #""metric_name":1"#,
        ],
        [#""metric_type":"gauge""#, #""metric_type":"GAUGE""#, #""metric_type":"counter""#, #""metric_type":"no""#],
        [#""metric_value":1"#, #""metric_value":12"#, #""metric_value":"1""#, #""metric_value":"NaN""#],
        [#""timestamp":"2024-01-01T00:00:00Z""#, #""timestamp":1"#, #""timestamp":null"#, #""timestamp":"x""#, ""],
        [
            #""labels":{"a":"1","b":"2"}"#, #""labels":{"b":"2","a":"1"}"#, #""labels":{"a":"1","c":"2"}"#,
            #""labels":{"a":1,"b":"2"}"#, #""labels":{"a":"1"}"#, #""labels":{}"#, #""labels":null"#,
            #""labels":{"a":"1","a":"1"}"#, #""labels":{"__a":"1"}"#, #""labels":{"a":"1" , "b":null}"#,
        ],
        [#""help_text":"h""#, #""help_text":"h\n""#, #""help_text":"\u0000""#, #""help_text":null"#, ""],
        [#""unit":"s""#, #""unit":"é""#, #""unit":"\ud800""#, ""],
    ]

    @Test("each is what it would be alone, whatever stood before it", arguments: UInt64(0)..<20)
    func alone(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let samples = (0..<Int.random(in: 2...6, using: &generator)).map { _ in sample(&generator) }
            let together = outcomes(of: samples)
            #expect(together == samples.flatMap { outcomes(of: [$0]) }, "\(samples)")
        }
    }

    /// Mostly the first of each part, so that most is the same.
    private func sample(_ generator: inout SeededGenerator) -> String {
        var parts = Self.parts.map { part in
            let isUsual = Int.random(in: 0..<3, using: &generator) > 0
            return isUsual ? part[0] : part.randomElement(using: &generator) ?? ""
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { parts.shuffle(using: &generator) }
        return "{\(parts.filter { !$0.isEmpty }.joined(separator: ","))}"
    }

    /// Of each sample: what was read, or why it was not.
    private func outcomes(of samples: [String]) -> [String] {
        let body = #"{"component_name":"w","component_type":"t","metrics":[\#(samples.joined(separator: ","))]}"#
        var outcomes = [String](repeating: "nothing", count: samples.count)
        func put(_ rejections: [Rejection]) {
            for rejection in rejections {
                outcomes[rejection.index] = "\(rejection.metricName ?? "–") \(rejection.reason)"
            }
        }
        do {
            let decoded = try ReportDecoder().decode(Array(body.utf8), arrived: arrival)
            for (index, metric) in zip(decoded.indices, decoded.report.metrics) { outcomes[index] = "\(metric)" }
            put(decoded.rejections)
        } catch .allRejected(_, let rejections) {
            put(rejections)
        } catch {
            return samples.map { _ in "\(error)" }
        }
        return outcomes
    }
}
