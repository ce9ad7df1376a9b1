import Glibc

/// A moment on the system's monotonic clock, in nanoseconds.
public struct MonotonicInstant: InstantProtocol {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    public static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: read(CLOCK_MONOTONIC))
    }

    public func advanced(by duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.clampedNanoseconds)
        return overflow
            ? (duration < .zero ? MonotonicInstant(nanoseconds: .min) : .distantFuture) : .init(nanoseconds: sum)
    }

    public func duration(to other: MonotonicInstant) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return .nanoseconds(overflow ? (other > self ? .max : .min) : difference)
    }

    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// The wall clock, for what is shown to people: nanoseconds since 1970.
package func wallClockNanoseconds() -> Int64 {
    read(CLOCK_REALTIME)
}

private func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

extension Duration {
    /// Whole nanoseconds; what does not fit in 292 years is the nearest bound.
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowToo ? (seconds < 0 ? .min : .max) : sum
    }

    /// In seconds, to the millisecond: more would only make the number longer where people read it.
    package var wholeMilliseconds: Double { Double(clampedNanoseconds / 1_000_000) / 1000 }
}
