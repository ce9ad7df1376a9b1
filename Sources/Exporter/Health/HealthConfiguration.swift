import Flags

/// When the sidecar calls itself ready.
struct HealthConfiguration: Sendable, Hashable {
    var readyRequires = ReadyRequirement.poll

    static let flags: [Flag<HealthConfiguration>] = [
        .value(
            "web.ready-requires",
            "WEB_READY_REQUIRES",
            "WHAT",
            "poll",
            "What /readyz waits for. poll: the first poll has finished; data: besides, a reading younger than max-age.",
            choices: ReadyRequirement.allCases.map(\.rawValue)
        ) { $0.readyRequires = try Values.choice($1) }
    ]
}

/// What `/readyz` waits for.
enum ReadyRequirement: String, Sendable, Hashable, CaseIterable {
    /// That the first poll has finished, either way.
    case poll
    /// Besides, a reading younger than `--agent.max-age`.
    case data

    func isMet(by verdict: Verdict) -> Bool {
        switch self {
        case .poll: verdict.hasPolled
        case .data: verdict.isYoung
        }
    }
}
