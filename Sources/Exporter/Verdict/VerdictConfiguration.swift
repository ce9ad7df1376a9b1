/// How old a reading may become once polls fail, and what stands then.
struct VerdictConfiguration: Sendable, Hashable {
    var maxAge = Duration.seconds(30)
    var fallback = Fallback.auto
    /// How long the largest value that was polled is shown as a peak.
    var peakWindow = Duration.seconds(60)
}

/// What stands for an agent's values after `--agent.max-age`.
enum Fallback: String, Sendable, Hashable, CaseIterable {
    /// Left out when the agent is out of reach, the defaults when it answers with something unreadable.
    case auto
    case omit
    case zero
}
