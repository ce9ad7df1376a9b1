import AsyncHTTP

/// The moments of a run.
struct RunWindow: Sendable, Hashable {
    let start: MonotonicInstant
    /// Requests that are due from here on count.
    let measured: MonotonicInstant
    /// No request begins after this.
    let end: MonotonicInstant

    init(from start: MonotonicInstant, warmup: Duration, duration: Duration) {
        self.start = start
        measured = start.advanced(by: warmup)
        end = measured.advanced(by: duration)
    }
}
