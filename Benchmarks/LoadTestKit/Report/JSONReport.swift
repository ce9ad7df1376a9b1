import JSON

/// What a program reads at the end: one object in one line. Its keys are in docs/loadtest.md, and stay.
enum JSONReport {
    static func text(_ report: LoadReport) -> String {
        let (plan, measurement) = (report.plan, report.measurement)
        let settings = plan.settings
        let value: JSONValue = [
            "url": .string("\(plan.url)"),
            "mode": .string(plan.mode.rawValue),
            "target_rate": plan.mode == .open ? JSONValue(settings.rate?.perSecond) : nil,
            "connections": .number(Double(plan.connections)),
            "threads": .number(Double(settings.threads)),
            "interval_seconds": plan.mode == .scrapers ? .number(settings.interval / .seconds(1)) : nil,
            "warmup_seconds": .number(settings.warmup / .seconds(1)),
            "measured_seconds": .number(report.elapsed / .seconds(1)),
            "interrupted": .boolean(report.isInterrupted),
            "answers": .number(Double(measurement.answers)),
            "rate": .number(report.rate),
            "bytes": .number(Double(measurement.bytes)),
            "errors": errors(measurement.failures),
            "unsent": .number(Double(measurement.unsent)),
            "latency_seconds": latency(report),
            "slow_readers": [
                "count": .number(Double(settings.slowReaders)),
                "closed": .number(Double(measurement.slowReadersClosed)),
            ],
            "expectations": .array(report.expectations.map(expectation)),
            "ok": .boolean(report.exitStatus == 0),
        ]
        return value.text + "\n"
    }

    private static func errors(_ failures: FailureCounts) -> JSONValue {
        let kinds = LoadFailure.Kind.allCases.map {
            JSONValue.Member($0.rawValue, .number(Double(failures[$0])))
        }
        return .object([JSONValue.Member("total", .number(Double(failures.total)))] + kinds)
    }

    private static func latency(_ report: LoadReport) -> JSONValue {
        let latency = report.measurement.latency
        guard !latency.isEmpty else { return nil }
        let percentiles = report.percentiles.map {
            JSONValue.Member($0.name, .number(Double($0.nanoseconds) / 1e9))
        }
        return .object(
            [
                JSONValue.Member("min", .number(Double(latency.minimum) / 1e9)),
                JSONValue.Member("mean", .number(latency.mean / 1e9)),
            ] + percentiles
        )
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
