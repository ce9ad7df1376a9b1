import Telemetry
import TestExposition
import Testing

/// A family of one kind, and what it must print. `openMetrics` is without the end.
struct KindCase: Sendable, CustomTestStringConvertible {
    let family: MetricFamily
    let text: String
    let openMetrics: String
    var testDescription: String { "\(family.descriptor.kind) \(family.descriptor.name)" }

    init(_ descriptor: MetricDescriptor, _ samples: [Sample], text: String, openMetrics: String) {
        family = MetricFamily(descriptor, samples: samples)
        self.text = text
        self.openMetrics = openMetrics
    }
}

@Suite("Kinds")
struct KindTests {
    static func all() throws -> [KindCase] { try numbers() + readings() + verbatim() }

    private static func numbers() throws -> [KindCase] {
        let labels = try Labels(["a": "x"])
        return try [
            KindCase(
                MetricDescriptor("c_seconds", kind: .counter, help: "C.", unit: "seconds"),
                [Sample(3), Sample(-1, labels: labels)],
                text: """
                    # HELP c_seconds_total C.
                    # TYPE c_seconds_total counter
                    c_seconds_total 3
                    c_seconds_total{a="x"} -1

                    """,
                openMetrics: """
                    # HELP c_seconds C.
                    # TYPE c_seconds counter
                    # UNIT c_seconds seconds
                    c_seconds_total 3.0

                    """
            ),
            KindCase(
                MetricDescriptor("g", kind: .gauge, help: "G."),
                [Sample(-2), Sample(.nan, labels: labels)],
                text: "# HELP g G.\n# TYPE g gauge\ng -2\ng{a=\"x\"} NaN\n",
                openMetrics: "# HELP g G.\n# TYPE g gauge\ng -2.0\ng{a=\"x\"} NaN\n"
            ),
            KindCase(
                MetricDescriptor("u_bytes", kind: .unknown, help: "U.", unit: "bytes"),
                [Sample(-2.5)],
                text: "# HELP u_bytes U.\n# TYPE u_bytes untyped\nu_bytes -2.5\n",
                openMetrics: "# HELP u_bytes U.\n# TYPE u_bytes unknown\n# UNIT u_bytes bytes\nu_bytes -2.5\n"
            ),
            KindCase(
                MetricDescriptor("i", kind: .info, help: "I."),
                [Sample(1, labels: labels), Sample(2)],
                text: "# HELP i_info I.\n# TYPE i_info gauge\ni_info{a=\"x\"} 1\ni_info 2\n",
                openMetrics: "# HELP i I.\n# TYPE i info\ni_info{a=\"x\"} 1.0\n"
            ),
        ]
    }

    private static func readings() throws -> [KindCase] {
        let labels = try Labels(["a": "x", "z": "y"])
        let buckets = try HistogramReading(buckets: Buckets([0.5, 2]), counts: [1, 0, 2], sum: 9.5)
        let summary = try SummaryReading(
            quantiles: Quantiles([0, 0.5, 0.99]),
            values: [0.1, 2, .nan],
            sum: 7,
            count: 3
        )
        let states = try StatesReading(states: States(["on", "o\"f\nf"]), isOn: [false, true])
        return try [
            KindCase(
                MetricDescriptor("h_seconds", kind: .histogram, help: "H.", unit: "seconds"),
                [Sample(.histogram(buckets), labels: labels)],
                text: "# HELP h_seconds H.\n# TYPE h_seconds histogram\n" + lines("h_seconds", "sum", "count"),
                openMetrics: "# HELP h_seconds H.\n# TYPE h_seconds histogram\n# UNIT h_seconds seconds\n"
                    + lines("h_seconds", "sum", "count")
            ),
            KindCase(
                MetricDescriptor("gh", kind: .gaugehistogram, help: "GH."),
                [Sample(.histogram(buckets), labels: labels)],
                text: "# HELP gh GH.\n# TYPE gh untyped\n" + lines("gh", "gsum", "gcount"),
                openMetrics: "# HELP gh GH.\n# TYPE gh gaugehistogram\n" + lines("gh", "gsum", "gcount")
            ),
            KindCase(
                MetricDescriptor("s", kind: .summary, help: "S."),
                [Sample(.summary(summary), labels: labels)],
                text: """
                    # HELP s S.
                    # TYPE s summary
                    s{a="x",z="y",quantile="0.0"} 0.1
                    s{a="x",z="y",quantile="0.5"} 2
                    s{a="x",z="y",quantile="0.99"} NaN
                    s_sum{a="x",z="y"} 7
                    s_count{a="x",z="y"} 3

                    """,
                openMetrics: """
                    # HELP s S.
                    # TYPE s summary
                    s{a="x",z="y",quantile="0.0"} 0.1
                    s{a="x",z="y",quantile="0.5"} 2.0
                    s{a="x",z="y",quantile="0.99"} NaN
                    s_sum{a="x",z="y"} 7.0
                    s_count{a="x",z="y"} 3

                    """
            ),
            KindCase(
                MetricDescriptor("st", kind: .stateset, help: "ST."),
                [Sample(.states(states)), Sample(.states(states), labels: Labels(["st": "mine"]))],
                text: "# HELP st ST.\n# TYPE st gauge\nst{st=\"on\"} 0\nst{st=\"o\\\"f\\nf\"} 1\n",
                openMetrics: "# HELP st ST.\n# TYPE st stateset\nst{st=\"on\"} 0.0\nst{st=\"o\\\"f\\nf\"} 1.0\n"
            ),
        ]
    }

    private static func lines(_ name: String, _ sum: String, _ count: String) -> String {
        """
        \(name)_bucket{a="x",z="y",le="0.5"} 1
        \(name)_bucket{a="x",z="y",le="2.0"} 1
        \(name)_bucket{a="x",z="y",le="+Inf"} 3
        \(name)_\(sum){a="x",z="y"} 9.5
        \(name)_\(count){a="x",z="y"} 3

        """
    }

    private static func verbatim() throws -> [KindCase] {
        try [
            KindCase(
                MetricDescriptor(verbatim: "hits", kind: .counter, help: "V."),
                [Sample(-3)],
                text: "# HELP hits V.\n# TYPE hits counter\nhits -3\n",
                openMetrics: "# HELP hits V.\n# TYPE hits unknown\nhits -3.0\n"
            ),
            KindCase(
                MetricDescriptor(verbatim: "hits_total", kind: .counter, help: "V."),
                [Sample(3)],
                text: "# HELP hits_total V.\n# TYPE hits_total counter\nhits_total 3\n",
                openMetrics: "# HELP hits V.\n# TYPE hits counter\nhits_total 3.0\n"
            ),
            KindCase(
                MetricDescriptor(verbatim: "target", kind: .info, help: "V."),
                [Sample(2)],
                text: "# HELP target V.\n# TYPE target gauge\ntarget 2\n",
                openMetrics: "# HELP target V.\n# TYPE target unknown\ntarget 2.0\n"
            ),
        ]
    }

    @Test("each kind prints exactly this in text and in OpenMetrics", arguments: try all())
    func exact(kind: KindCase) throws {
        for format in ExpositionFormat.all {
            let found = try FixedFamilies.render([kind.family], format)
            switch format {
            case .text004, .text100: #expect(found == kind.text)
            case .openMetrics001, .openMetrics100: #expect(found == kind.openMetrics + "# EOF\n")
            }
        }
    }

    @Test("each kind comes back from parsers that were not written here", arguments: try all())
    func parsed(kind: KindCase) throws {
        for format in Parsers.Format.allCases {
            let body = try FixedFamilies.render([kind.family], format.exposition)
            let expected = Expectation(format: format).lines(of: [kind.family])
            #expect(try Parsers.parse([Array(body.utf8)], as: format) == [expected])
        }
        _ = try Parsers.lint(Array(kind.text.utf8))
    }

    @Test("a sample's name and labels are the same in both formats", arguments: try all())
    func identity(kind: KindCase) throws {
        func series(_ body: String) -> [Substring] {
            body.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first }
        }
        let text = series(kind.text)
        #expect(series(kind.openMetrics).allSatisfy(text.contains))
    }
}
