import Glibc

/// A moment on the system's monotonic clock, in nanoseconds.
public struct MonotonicInstant: InstantProtocol {
    /// Since an unknown moment, usually the machine's start: only differences mean something.
    public let nanoseconds: Int64

    /// The moment so many nanoseconds after the clock's beginning, for tests and arithmetic.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The latest moment that there is, 292 years after the clock's beginning: a deadline that never comes.
    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    /// Reads the clock, which no change of the wall clock moves.
    public static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: clockNanoseconds(CLOCK_MONOTONIC))
    }

    /// The moment so much later, or earlier; one out of range is the nearest that there is.
    public func advanced(by duration: Duration) -> MonotonicInstant {
        advanced(byNanoseconds: duration.clampedNanoseconds)
    }

    /// The nearest end of time when the sum is beyond it.
    func advanced(byNanoseconds count: Int64) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
        return MonotonicInstant(nanoseconds: overflow ? (count < 0 ? .min : .max) : sum)
    }

    /// How long it is from here to there, negative when that lies before.
    public func duration(to other: MonotonicInstant) -> Duration {
        .nanoseconds(nanoseconds(to: other))
    }

    /// The same as a number, which costs less to reckon with; the nearest that there is.
    package func nanoseconds(to other: MonotonicInstant) -> Int64 {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return overflow ? (other > self ? .max : .min) : difference
    }

    /// Whether the left one comes first.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// The wall clock, for what is shown to people: nanoseconds since 1970.
package func wallClockNanoseconds() -> Int64 {
    clockNanoseconds(CLOCK_REALTIME)
}

/// What one of the kernel's clocks shows.
func clockNanoseconds(_ clock: clockid_t) -> Int64 {
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

    /// The same in milliseconds, the rest cut off.
    package var clampedMilliseconds: Int64 { clampedNanoseconds / 1_000_000 }

    /// In seconds, to the millisecond: more would only make the number longer where people read it.
    package var wholeMilliseconds: Double { Double(clampedMilliseconds) / 1000 }
}
