/// How far a value can be trusted now.
///
/// Its age counts only once a fetch has failed: between two that succeed there is nothing to doubt, however long that is.
public enum Freshness: Sendable, Hashable {
    /// There has not been a value yet.
    case never
    /// The last attempt succeeded.
    case fresh
    /// The last attempt failed, and the value from before is not older than the max age.
    case held
    /// The last attempt failed, and the value from before is older than the max age.
    case expired
}

extension RefreshState {
    /// How old the last good value is; `nil` if there is none. Never negative: a clock that went back gives zero.
    public func age(at now: Instant) -> Duration? {
        reading.map { max(.zero, $0.instant.duration(to: now)) }
    }

    /// The last instant at which a failure leaves the last good value held; `nil` if there is none. It is expired after that.
    public func holdsUntil(maxAge: Duration) -> Instant? {
        reading.map { $0.instant.advanced(by: maxAge) }
    }

    /// How far the last good value can be trusted at an instant of the refresher's clock.
    public func freshness(maxAge: Duration, at now: Instant) -> Freshness {
        guard let end = holdsUntil(maxAge: maxAge) else { return .never }
        if consecutiveFailures == 0 { return .fresh }
        return now <= end ? .held : .expired
    }
}
