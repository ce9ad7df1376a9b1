import Telemetry
import TestExposition
import Testing

/// Something that OpenMetrics forbids: what is left of it there, and proof that the strict parser would refuse the whole.
struct Forbidden: Sendable, CustomTestStringConvertible {
    let family: MetricFamily
    /// The samples that OpenMetrics has left, without labels that do not matter.
    let left: [String]
    let testDescription: String

    init(_ rule: String, _ kind: MetricKind, _ value: Sample.Value, left: [String] = []) throws {
        testDescription = rule
        family = MetricFamily(try MetricDescriptor("x", kind: kind, help: ""), samples: [Sample(value)])
        self.left = left
    }
}

@Suite("What OpenMetrics forbids")
struct ForbiddenTests {
    static func all() throws -> [Forbidden] {
        func buckets(_ bounds: [Double], sum: Double) throws -> Sample.Value {
            let buckets = try Buckets(bounds)
            return .histogram(try HistogramReading(buckets: buckets, counts: bounds.map { _ in 1 } + [1], sum: sum))
        }
        func summary(_ value: Double, sum: Double) throws -> Sample.Value {
            .summary(try SummaryReading(quantiles: Quantiles([0.5]), values: [value], sum: sum, count: 2))
        }
        let positive = ["x_bucket{le=\"1.0\"} 1", "x_bucket{le=\"+Inf\"} 2"]
        let negative = ["x_bucket{le=\"-1.0\"} 1", "x_bucket{le=\"+Inf\"} 2"]
        return try [
            Forbidden("a negative counter", .counter, .number(-1)),
            Forbidden("a counter that is no number", .counter, .number(.nan)),
            Forbidden("an info that is not 1", .info, .number(0)),
            Forbidden("an info that is no number", .info, .number(.nan)),
            Forbidden("a negative sum of a histogram", .histogram, buckets([1], sum: -1), left: positive),
            Forbidden("a sum of a histogram that is no number", .histogram, buckets([1], sum: .nan), left: positive),
            Forbidden("a sum of a histogram that can go down", .histogram, buckets([-1], sum: 1), left: negative),
            Forbidden("a negative sum of what is not negative", .gaugehistogram, buckets([1], sum: -1), left: positive),
            Forbidden(
                "a sum of a gauge histogram that is no number",
                .gaugehistogram,
                buckets([-1], sum: .nan),
                left: negative
            ),
            Forbidden(
                "a negative sum of a summary",
                .summary,
                summary(1, sum: -1),
                left: ["x{quantile=\"0.5\"} 1.0", "x_count 2"]
            ),
            Forbidden(
                "a sum of a summary that is no number",
                .summary,
                summary(1, sum: .nan),
                left: ["x{quantile=\"0.5\"} 1.0", "x_count 2"]
            ),
            Forbidden(
                "a negative quantile, and a sum that can go down with it",
                .summary,
                summary(-1, sum: 1),
                left: ["x_count 2"]
            ),
        ]
    }

    private func samples(_ body: String) -> [String] {
        body.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("it is left out of OpenMetrics, and only there", arguments: try all())
    func leftOut(rule: Forbidden) throws {
        let text = try FixedFamilies.render([rule.family])
        let openMetrics = try FixedFamilies.render([rule.family], .openMetrics100)
        #expect(samples(openMetrics) == rule.left)
        #expect(samples(text).count == rule.family.series.count)
        #expect(samples(text).count > rule.left.count)
        #expect(try Parsers.parse([Array(openMetrics.utf8)], as: .openmetrics).map(\.count) == [rule.left.count])
        _ = try Parsers.lint(Array(text.utf8))
    }

    @Test("the strict parser refuses a body with it", arguments: try all())
    func refused(rule: Forbidden) throws {
        let whole = samples(try FixedFamilies.render([rule.family])).joined(separator: "\n")
        let body = "# TYPE x \(rule.family.descriptor.kind)\n\(whole)\n# EOF\n"
        #expect(throws: Parsers.Refused.self) { try Parsers.parse([Array(body.utf8)], as: .openmetrics) }
    }

    @Test("a sum below zero is allowed where what is counted can be below zero")
    func negativeSum() throws {
        let reading = try HistogramReading(buckets: Buckets([-1]), counts: [1, 1], sum: -3)
        let descriptor = try MetricDescriptor("x", kind: .gaugehistogram, help: "")
        let family = MetricFamily(descriptor, samples: [Sample(.histogram(reading))])
        let body = try FixedFamilies.render([family], .openMetrics100)
        #expect(body.contains("\nx_gsum -3.0\nx_gcount 2\n"))
        #expect(try Parsers.parse([Array(body.utf8)], as: .openmetrics).map(\.count) == [4])
    }

    @Test("counts that no number can hold stay at the most it can, and in order")
    func saturation() throws {
        let reading = try HistogramReading(buckets: Buckets([1, 2]), counts: [.max - 1, 3, 5], sum: 1)
        let family = MetricFamily(
            try MetricDescriptor("x", kind: .histogram, help: ""),
            samples: [Sample(.histogram(reading))]
        )
        #expect(
            family.series.map(\.value) == [
                .count(.max - 1), .count(.max), .count(.max), .number(1), .count(.max),
            ]
        )
    }
}
