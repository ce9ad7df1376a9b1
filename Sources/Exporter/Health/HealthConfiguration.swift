import AsyncHTTP

/// When the sidecar calls itself ready.
struct HealthConfiguration: Sendable, Hashable {
    var readyRequires = ReadyRequirement.poll
}

/// What `/readyz` waits for.
enum ReadyRequirement: String, Sendable, Hashable, CaseIterable {
    /// That the first poll has finished, either way.
    case poll
    /// Besides, a reading younger than `--agent.max-age`.
    case data

    /// - Parameter now: a verdict that should have been replaced by now is not to be trusted for its youth.
    func isMet(by verdict: Verdict, at now: MonotonicInstant) -> Bool {
        switch self {
        case .poll: verdict.hasPolled
        case .data: verdict.lastsUntil.map { now <= $0 } ?? false
        }
    }
}
