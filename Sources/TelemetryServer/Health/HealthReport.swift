package import AsyncHTTP
package import JSON

/// What the health endpoints say at one moment.
package struct HealthReport: Sendable {
    /// The loops run.
    package let isAlive: Bool
    /// It may be sent what it is there for.
    package let isReady: Bool
    package let isDraining: Bool
    /// What the program adds to the JSON.
    package let details: [JSONValue.Member]

    /// - Parameter isReady: whether the program has what it needs; one that drains is not ready whatever it has.
    package init(_ pulse: Pulse, isReady: Bool, details: [JSONValue.Member] = [], at now: MonotonicInstant = .now) {
        isAlive = pulse.isBeating(at: now)
        isDraining = pulse.isDraining
        self.isReady = isReady && !isDraining
        self.details = details
    }

    package var json: JSONValue {
        let status = !isAlive ? "stalled" : isDraining ? "draining" : "ok"
        return .object(
            [JSONValue.Member("status", .string(status)), JSONValue.Member("ready", .boolean(isReady))] + details
        )
    }
}
