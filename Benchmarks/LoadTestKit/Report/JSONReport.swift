import AsyncHTTP
import Flags
import JSON

/// What a program reads at the end: one object in one line. Its keys are in docs/loadtest.md, and stay.
enum JSONReport {
    static func text(_ report: LoadReport) -> String {
        let (plan, measurement) = (report.plan, report.measurement)
        let settings = plan.settings
        return object([
            ("url", JSONText.quoted("\(plan.url)")),
            ("mode", JSONText.quoted(plan.mode.rawValue)),
            ("target_rate", plan.mode == .open ? number(settings.rate?.perSecond) : "null"),
            ("connections", "\(plan.connections)"),
            ("threads", "\(settings.threads)"),
            ("interval_seconds", plan.mode == .scrapers ? number(settings.interval / .seconds(1)) : "null"),
            ("warmup_seconds", number(settings.warmup / .seconds(1))),
            ("measured_seconds", number(report.elapsed / .seconds(1))),
            ("interrupted", "\(report.isInterrupted)"),
            ("answers", "\(measurement.answers)"),
            ("rate", number(report.rate)),
            ("bytes", "\(measurement.bytes)"),
            ("errors", errors(measurement.failures)),
            ("unsent", "\(measurement.unsent)"),
            ("latency_seconds", latency(report)),
            (
                "slow_readers",
                object([
                    ("count", "\(settings.slowReaders)"), ("closed", "\(measurement.slowReadersClosed)"),
                ])
            ),
            ("expectations", "[\(report.expectations.map(expectation).joined(separator: ","))]"),
            ("ok", "\(report.exitStatus == 0)"),
        ]) + "\n"
    }

    private static func errors(_ failures: FailureCounts) -> String {
        object(
            [("total", "\(failures.total)")] + LoadFailure.Kind.allCases.map { ($0.rawValue, "\(failures[$0])") }
        )
    }

    private static func latency(_ report: LoadReport) -> String {
        let latency = report.measurement.latency
        guard !latency.isEmpty else { return "null" }
        return object(
            [("min", number(Double(latency.minimum) / 1e9)), ("mean", number(latency.mean / 1e9))]
                + report.percentiles.map { ($0.name, number(Double($0.nanoseconds) / 1e9)) }
        )
    }

    private static func expectation(_ expectation: Expectation) -> String {
        object([
            ("name", JSONText.quoted(expectation.name)),
            ("limit", number(expectation.limit)),
            ("actual", number(expectation.actual)),
            ("met", "\(expectation.isMet)"),
        ])
    }

    private static func number(_ value: Double?) -> String {
        value.map(JSONText.number) ?? "null"
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{\(members.map { "\(JSONText.quoted($0)):\($1)" }.joined(separator: ","))}"
    }
}
