import Access
package import Flags

extension IntakeConfiguration {
    package static let flags: [Flag<IntakeConfiguration>] = [
        .value(
            "report.ttl",
            "REPORT_TTL",
            "DURATION",
            "5m",
            "How long a sample is exported after its arrival, if its report has no ttl_seconds."
        ) { $0.ttl = try Values.duration($1, atLeast: .seconds(1)) },
        .value(
            "report.rate",
            "REPORT_RATE",
            "RATE",
            "",
            "How often a component may report, such as 2/s or 10/m; above it is 429. By default as often as it likes."
        ) { $0.rate = try rate($1) },
        .toggle(
            "report.strict",
            "REPORT_STRICT",
            "Take reports only from components that are registered; others get 404."
        ) { $0.isStrict = $1 },
        .value(
            "limit.components",
            "LIMIT_COMPONENTS",
            "COUNT",
            "10000",
            "How many components may report."
        ) { $0.components = try Values.number($1, in: 1...1_000_000) },
        .value(
            "limit.series",
            "LIMIT_SERIES",
            "COUNT",
            "100000",
            "How many series may be exported."
        ) { $0.series = try Values.number($1, in: 1...10_000_000) },
        .value(
            "limit.component-series",
            "LIMIT_COMPONENT_SERIES",
            "COUNT",
            "10000",
            "How many of them may be one component's."
        ) { $0.seriesOfComponent = try Values.number($1, in: 1...10_000_000) },
    ]

    /// `2/s`, `10/m`, `100/h`: so many may come at once, too.
    private static func rate(_ text: String) throws(ValueProblem) -> RequestRate {
        var reader = DigitReader(text)
        let units: [String: Int64] = ["/s": 1, "/m": 60, "/h": 3600]
        guard let count = reader.whole(), (1...1_000_000).contains(count),
            let seconds = units[String(text.drop { $0.isNumber })]
        else { throw ValueProblem("not a rate such as 2/s, 10/m or 100/h") }
        return RequestRate(interval: max(1, seconds * 1_000_000_000 / count), burst: Int(count))
    }
}
