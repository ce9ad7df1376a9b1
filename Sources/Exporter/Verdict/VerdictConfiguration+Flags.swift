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
        .value(
            "agent.peak-window",
            "AGENT_PEAK_WINDOW",
            "DURATION",
            "60s",
            "For how long the largest polled value of each count is shown as app_active_task_peak, app_active_request_peak and"
                + " app_open_session_peak: at least the scrape interval, for nothing to be lost."
        ) { $0.peakWindow = try Values.duration($1) },
    ]
}
