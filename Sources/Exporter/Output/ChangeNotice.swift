import AsyncHTTP

/// Tells what is new about something, once for each change. What changes with each poll, by the agent's will, too, must not fill
/// the log: a change for which there is no line is told as soon as there is one, if it still holds.
struct ChangeNotice<Value: Equatable & Sendable>: Sendable {
    private var told: Value?
    private var lines = LineBudget()

    /// - Parameter value: nil when there is nothing to tell.
    /// - Returns: what is to be told now.
    mutating func changed(to value: Value?, at now: MonotonicInstant) -> Value? {
        guard value != told else { return nil }
        guard value == nil || lines.take(at: now) else { return nil }
        told = value
        return value
    }
}

/// How many lines may be written about one thing: ten at once, and one a minute in the long run.
struct LineBudget: Sendable {
    private static let most = 10
    private static let interval = Duration.seconds(60)

    private var left = most
    /// Since when the next line has been growing; it has no meaning while none is missing.
    private var since = MonotonicInstant(nanoseconds: 0)

    /// - Returns: whether there was a line left.
    mutating func take(at now: MonotonicInstant) -> Bool {
        while left < Self.most, since.duration(to: now) >= Self.interval {
            left += 1
            since = since.advanced(by: Self.interval)
        }
        guard left > 0 else { return false }
        if left == Self.most { since = now }
        left -= 1
        return true
    }
}
