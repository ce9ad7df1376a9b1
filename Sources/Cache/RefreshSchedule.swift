/// When a `Refresher` fetches. Durations out of range are moved into it: 1 ms … 365 days, as in `Backoff`.
public struct RefreshSchedule: Sendable, Hashable {
    /// The pause after a success, from its end to the next fetch.
    public let interval: Duration
    /// How long one fetch may take before it is cancelled and counts as a failure.
    public let timeout: Duration
    /// The pauses after failures.
    public let backoff: Backoff

    /// Once a second, with patience for five, unless told otherwise.
    public init(interval: Duration = .seconds(1), timeout: Duration = .seconds(5), backoff: Backoff = Backoff()) {
        self.interval = min(max(interval, Backoff.shortest), Backoff.longest)
        self.timeout = min(max(timeout, Backoff.shortest), Backoff.longest)
        self.backoff = backoff
    }
}
