/// Tokens that come back at a rate, up to a burst, and of which each request takes one. It reckons as golang.org/x/time/rate
/// does, in floating point, so that both let the same requests pass.
package struct TokenBucket: Sendable {
    private let rate: RequestRate
    /// Tokens in a second.
    private let perSecond: Double
    private var tokens: Double
    private var last: Int64

    /// - Parameter now: a moment of a clock that does not go back, in nanoseconds.
    package init(_ rate: RequestRate, at now: Int64) {
        self.rate = rate
        perSecond = 1 / Self.seconds(rate.interval)
        tokens = Double(rate.burst)
        last = now
    }

    /// - Returns: nil when there was one, otherwise the nanoseconds until there is.
    package mutating func take(at now: Int64) -> Int64? {
        if rate.interval <= 0 { return nil }
        let (difference, overflow) = now.subtractingReportingOverflow(last)
        let elapsed = max(0, overflow ? .max : difference)
        let left = min(tokens + Self.seconds(elapsed) * perSecond, Double(rate.burst)) - 1
        let wait = left < 0 ? Self.nanoseconds(-left / perSecond) : 0
        guard rate.burst >= 1, wait <= 0 else { return rate.burst >= 1 ? wait : rate.interval }
        (tokens, last) = (left, now)
        return nil
    }

    /// Whether as many may come at once as ever.
    package func isFull(at now: Int64) -> Bool {
        let (difference, overflow) = now.subtractingReportingOverflow(last)
        let elapsed = max(0, overflow ? .max : difference)
        return rate.interval <= 0 || tokens + Self.seconds(elapsed) * perSecond >= Double(rate.burst)
    }

    private static func seconds(_ nanoseconds: Int64) -> Double {
        Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64(exactly: (seconds * 1e9).rounded(.towardZero)) ?? .max
    }
}
