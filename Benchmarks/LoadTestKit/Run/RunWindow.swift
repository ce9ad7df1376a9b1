import AsyncHTTP

/// The moments of a run.
struct RunWindow: Sendable, Hashable {
    let start: MonotonicInstant
    /// Requests that are due from here on count.
    let measured: MonotonicInstant
    /// No request is due from here on.
    let end: MonotonicInstant
    /// No request begins after this. Those that have become late shortly before the end still have their turn.
    let last: MonotonicInstant

    private static let grace = Duration.milliseconds(500)

    init(from start: MonotonicInstant, warmup: Duration, duration: Duration) {
        self.start = start
        measured = start.advanced(by: warmup)
        end = measured.advanced(by: duration)
        last = end.advanced(by: Self.grace)
    }
}
