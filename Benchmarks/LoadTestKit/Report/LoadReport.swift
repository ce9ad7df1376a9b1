import AsyncHTTP
import Service

/// The outcome of a run.
struct LoadReport: Sendable {
    let plan: LoadPlan
    /// Of each of the plan's URLs.
    let measurements: [Measurement]
    /// Of all of them.
    let measurement: Measurement
    /// How long it was measured, which an interruption shortens, and a number of requests.
    let elapsed: Duration
    /// What ended it early.
    let interruption: Signal?

    init(plan: LoadPlan, measurements: [Measurement], elapsed: Duration, interruption: Signal? = nil) {
        self.plan = plan
        self.measurements = measurements
        self.elapsed = elapsed
        self.interruption = interruption
        measurement = .sum(measurements)
    }

    var isInterrupted: Bool { interruption != nil }

    func perSecond(_ count: UInt64) -> Double {
        elapsed > .zero ? Double(count) / (elapsed / .seconds(1)) : 0
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

    /// 0 when something was answered and all expectations were met. What was interrupted has met none of them for as long as
    /// it should have, and ends as what a signal has ended.
    var exitStatus: Int32 {
        if let interruption { return 128 + interruption.rawValue }
        return measurement.answers > 0 && expectations.allSatisfy(\.isMet) ? 0 : 1
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
