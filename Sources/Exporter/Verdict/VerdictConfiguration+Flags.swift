import Flags

extension VerdictConfiguration {
    static let flags: [Flag<VerdictConfiguration>] = [
        .value(
            "agent.max-age",
            "AGENT_MAX_AGE",
            "DURATION",
            "30s",
            "How long the last good reading is held after polls begin to fail."
        ) { $0.maxAge = try Values.duration($1) },
        .value(
            "agent.fallback",
            "AGENT_FALLBACK",
            "POLICY",
            "auto",
            "What stands after max-age. auto: values are left out when the agent is out of reach, and 0 or unknown when it"
                + " answers with something that cannot be read; omit: left out in both cases; zero: 0 in both.",
            choices: Fallback.allCases.map(\.rawValue)
        ) { $0.fallback = try Values.choice($1) },
    ]
}
