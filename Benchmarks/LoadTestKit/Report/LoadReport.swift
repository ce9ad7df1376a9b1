/// The outcome of a run.
struct LoadReport: Sendable {
    let plan: LoadPlan
    let measurement: Measurement
    /// How long it was measured, which an interruption shortens.
    let elapsed: Duration
    let isInterrupted: Bool

    init(plan: LoadPlan, measurement: Measurement, elapsed: Duration, isInterrupted: Bool) {
        self.plan = plan
        self.measurement = measurement
        self.elapsed = elapsed
        self.isInterrupted = isInterrupted
    }

    /// Valid answers per second.
    var rate: Double { perSecond(measurement.inTime) }
    var bytesPerSecond: Double { perSecond(measurement.bytes) }

    private func perSecond(_ count: UInt64) -> Double {
        elapsed > .zero ? Double(count) / (elapsed / .seconds(1)) : 0
    }

    /// The latencies that are shown, in nanoseconds. 0 when nothing was measured.
    var percentiles: [(name: String, nanoseconds: Int64)] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)].map { name, fraction in
            (name, measurement.latency.percentile(fraction) ?? 0)
        } + [("max", measurement.latency.maximum)]
    }

    var expectations: [Expectation] {
        var all: [Expectation] = []
        if let limit = plan.settings.expectedP99 {
            let actual = measurement.latency.percentile(0.99, worse: measurement.misses)
            let seconds = actual.map { Duration.nanoseconds($0) / .seconds(1) }
            all.append(Expectation(name: "p99", limit: limit / .seconds(1), actual: seconds ?? .infinity))
        }
        if let limit = plan.settings.toleratedErrors {
            all.append(Expectation(name: "errors", limit: Double(limit), actual: Double(measurement.misses)))
        }
        return all
    }

    /// 0 when something was answered and all expectations were met.
    var exitStatus: Int32 {
        measurement.answers > 0 && expectations.allSatisfy(\.isMet) ? 0 : 1
    }
}

/// What somebody wanted of a run, and what came of it.
struct Expectation: Sendable, Hashable {
    let name: String
    let limit: Double
    /// Infinite when so many requests have failed that no latency will do.
    let actual: Double

    var isMet: Bool { actual <= limit }
}
