import AsyncHTTP
import Cache

/// Whether there is still something to wait for after SIGTERM. Pure, so that its table can be tested.
struct DrainPolicy: Sendable {
    enum Step: Hashable {
        case wait
        case stop(because: String)
    }

    /// How long an agent may take to say that it, too, is shutting down.
    static let patience = Duration.seconds(5)

    let began: MonotonicInstant
    let timeout: Duration

    func step(_ verdict: Verdict, at now: MonotonicInstant) -> Step {
        let waited = began.duration(to: now)
        if waited >= timeout { return .stop(because: "the drain timeout has passed") }
        if isGone(verdict) { return .stop(because: "the agent is gone") }
        if verdict.polls.reading?.value.state.isEnding == true { return .wait }
        return waited < Self.patience ? .wait : .stop(because: "the agent is not shutting down")
    }

    private func isGone(_ verdict: Verdict) -> Bool {
        guard verdict.hasPolled else { return false }
        if let failure = verdict.failure {
            // One that answers badly, or whose name cannot be found for a moment, may still be at work. One that takes no
            // connection is not, but may be about to: once is not enough.
            return failure.isAbsence ? verdict.polls.consecutiveFailures > 1 : !verdict.isYoung
        }
        return verdict.state == .stopped
    }
}
