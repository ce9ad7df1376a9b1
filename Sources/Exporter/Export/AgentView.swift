import AsyncHTTP
import Cache

/// What polls have brought so far.
typealias PollState = RefreshState<AgentReading, PollFailure, MonotonicInstant>

/// What is said of the agent at one moment: its last word while that can be trusted, and afterwards what stands in its place.
struct AgentView: Sendable, Hashable {
    enum Standing: Sendable, Hashable {
        /// The last good reading, current or held.
        case reading(AgentReading)
        /// 0 and `unknown`.
        case defaults
        /// The values are left out: 0 would read as idle.
        case absent
    }

    let state: AgentState
    let standing: Standing
    /// The last poll succeeded.
    let isUp: Bool

    init(_ polls: PollState, maxAge: Duration, fallback: Fallback, at now: MonotonicInstant) {
        isUp = polls.lastAttempt != nil && polls.consecutiveFailures == 0
        let age = polls.age(at: now)
        // The age counts only once polls fail: between two that succeed there is nothing to doubt.
        if let reading = polls.reading?.value, let age, isUp || age <= maxAge {
            state = reading.state
            standing = .reading(reading)
            return
        }
        let isUnreadable = polls.lastAttempt?.failure.map(PollFailure.init)?.reason == .invalidJSON
        state = isUnreadable ? .unknown : .unreachable
        switch fallback {
        case .auto: standing = isUnreadable ? .defaults : .absent
        case .omit: standing = .absent
        case .zero: standing = .defaults
        }
    }
}
