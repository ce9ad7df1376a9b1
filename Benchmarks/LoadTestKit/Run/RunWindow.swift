import AsyncHTTP

/// The moments of a run.
struct RunWindow: Sendable, Hashable {
    let start: MonotonicInstant
    /// Requests that are due from here on count.
    let measured: MonotonicInstant
    /// No request is due from here on.
    let end: MonotonicInstant
    /// No request begins after this. Those that have become late shortly before the end still have their turn; all of them,
    /// where their number is what ends the run.
    let last: MonotonicInstant

    private static let grace = Duration.milliseconds(500)

    /// - Parameter duration: nil when something else ends the run.
    init(from start: MonotonicInstant, warmup: Duration, duration: Duration?) {
        self.start = start
        measured = start.advanced(by: warmup)
        end = duration.map(measured.advanced) ?? .distantFuture
        last = end.advanced(by: Self.grace)
    }

    /// Of a plan. At a fixed rate a number of requests is known to be due within a time.
    init(from start: MonotonicInstant, _ plan: LoadPlan) {
        let settings = plan.settings
        let whole = RunWindow(from: start, warmup: settings.warmup, duration: settings.duration)
        guard plan.mode == .open, let rate = settings.rate, let count = settings.requests,
            case let end = RateSchedule(from: start, rate: rate).end(of: count, from: whole.measured), end < whole.end
        else {
            self = whole
            return
        }
        self.init(start: start, measured: whole.measured, end: end, last: .distantFuture)
    }

    private init(
        start: MonotonicInstant,
        measured: MonotonicInstant,
        end: MonotonicInstant,
        last: MonotonicInstant
    ) {
        (self.start, self.measured, self.end, self.last) = (start, measured, end, last)
    }
}
