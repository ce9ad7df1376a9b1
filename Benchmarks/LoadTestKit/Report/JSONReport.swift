import JSON
import Service

/// What a program reads at the end: one object in one line. Its keys are in docs/loadtest.md, and stay.
enum JSONReport {
    static func text(_ report: LoadReport) -> String {
        let object = JSONValue.object(plan(report) + measured(report.measurement, report) + verdict(report))
        return object.text + "\n"
    }

    private static func plan(_ report: LoadReport) -> [JSONValue.Member] {
        let (plan, settings) = (report.plan, report.plan.settings)
        return members([
            ("url", .string(plan.urls.first.map { "\($0)" } ?? "")), ("mode", .string(plan.mode.rawValue)),
            ("target_rate", plan.mode == .open ? JSONValue(settings.rate?.perSecond) : nil),
            ("target_requests", JSONValue(settings.requests.map(Double.init))),
            ("connections", .number(Double(plan.connections))), ("threads", .number(Double(settings.threads))),
            ("interval_seconds", plan.mode == .scrapers ? .number(settings.interval / .seconds(1)) : nil),
            ("warmup_seconds", .number(settings.warmup / .seconds(1))),
            ("measured_seconds", .number(report.elapsed / .seconds(1))),
            ("interrupted", .boolean(report.isInterrupted)),
        ])
    }

    /// What was measured of one URL, or of all.
    private static func measured(_ measurement: Measurement, _ report: LoadReport) -> [JSONValue.Member] {
        members([
            ("answers", .number(Double(measurement.answers))),
            ("rate", .number(report.perSecond(measurement.inTime))), ("bytes", .number(Double(measurement.bytes))),
            ("errors", errors(measurement.failures)), ("first_errors", firstErrors(measurement.failures)),
            ("unsent", .number(Double(measurement.unsent))), ("latency_seconds", latency(measurement.latency)),
            ("latency_histogram", .array(measurement.latency.ranges.map(range))),
        ])
    }

    private static func verdict(_ report: LoadReport) -> [JSONValue.Member] {
        let urls = zip(report.plan.urls, report.measurements).map { url, measurement in
            JSONValue.object(members([("url", .string("\(url)"))]) + measured(measurement, report))
        }
        return members([
            (
                "slow_readers",
                [
                    "count": .number(Double(report.plan.settings.slowReaders)),
                    "closed": .number(Double(report.measurement.slowReadersClosed)),
                ]
            ), ("urls", .array(urls)), ("expectations", .array(report.expectations.map(expectation))),
            ("ok", .boolean(report.exitStatus == 0)),
        ])
    }

    private static func members(_ pairs: [(String, JSONValue)]) -> [JSONValue.Member] {
        pairs.map { JSONValue.Member($0.0, $0.1) }
    }

    private static func errors(_ failures: FailureCounts) -> JSONValue {
        let kinds = LoadFailure.Kind.allCases.map {
            JSONValue.Member($0.rawValue, .number(Double(failures[$0])))
        }
        return .object([JSONValue.Member("total", .number(Double(failures.total)))] + kinds)
    }

    private static func firstErrors(_ failures: FailureCounts) -> JSONValue {
        .object(
            LoadFailure.Kind.allCases.map { kind in
                JSONValue.Member(kind.rawValue, failures.example(of: kind).map(JSONValue.string) ?? .null)
            }
        )
    }

    private static func latency(_ latency: LatencyHistogram) -> JSONValue {
        guard !latency.isEmpty else { return nil }
        let percentiles = latency.percentiles.map {
            JSONValue.Member($0.name, .number(Double($0.nanoseconds) / 1e9))
        }
        return .object(
            [
                JSONValue.Member("min", .number(Double(latency.minimum) / 1e9)),
                JSONValue.Member("mean", .number(latency.mean / 1e9)),
            ] + percentiles
        )
    }

    private static func range(_ range: LatencyRange) -> JSONValue {
        [
            "below_seconds": JSONValue(range.below.map { Double($0) / 1e9 }),
            "count": .number(Double(range.count)),
        ]
    }

    private static func expectation(_ expectation: Expectation) -> JSONValue {
        [
            "name": .string(expectation.name),
            "limit": JSONValue(expectation.limit),
            "actual": JSONValue(expectation.actual),
            "met": .boolean(expectation.isMet),
        ]
    }
}
