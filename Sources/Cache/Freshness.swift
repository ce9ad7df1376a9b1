/// How far a value can be trusted now. Its age counts only once attempts fail: between two that succeed there is nothing to doubt.
public enum Freshness: Sendable, Hashable {
    /// There has not been a value yet.
    case never
    /// The last attempt succeeded.
    case fresh
    /// The last attempt failed, but the value from before is not older than the max age.
    case held
    /// The last attempt failed, and the value from before is older than the max age.
    case expired
}

extension RefreshState {
    /// How old the last good value is; `nil` if there is none. Never negative: a clock that went back gives zero.
    public func age(at now: Instant) -> Duration? {
        reading.map { max(.zero, $0.instant.duration(to: now)) }
    }

    /// How far the last good value can be trusted at an instant of the refresher's clock.
    public func freshness(maxAge: Duration, at now: Instant) -> Freshness {
        guard let age = age(at: now) else { return .never }
        if consecutiveFailures == 0 { return .fresh }
        return age <= maxAge ? .held : .expired
    }

    /// When the last good value becomes older than the max age; `nil` if there is none.
    public func holdsUntil(maxAge: Duration) -> Instant? {
        reading?.instant.advanced(by: maxAge)
    }
}
