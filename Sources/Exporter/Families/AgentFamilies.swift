import AsyncHTTP
import Cache
import Flags
import Telemetry

/// The families that a verdict about the agent becomes.
struct AgentFamilies: Sendable {
    private let version: MetricDescriptor
    private let status: MetricDescriptor
    private let activeTasks: MetricDescriptor
    private let activeRequests: MetricDescriptor
    private let openSessions: MetricDescriptor
    private let up: MetricDescriptor
    private let state: MetricDescriptor
    private let heartbeat: MetricDescriptor
    private let stateLabels: [(AgentState, Labels)]

    /// - Parameters: what HELP says of how old the values may be.
    init(polledEvery interval: Duration, heldFor maxAge: Duration) throws(MetricsError) {
        version = try Self.gauge("app_version_info", "Application version information.")
        status = try Self.gauge(
            "app_agent_status",
            "Shows if the agent is running. (1 for running, 0 for not)"
        )
        activeTasks = try Self.gauge("app_active_task_count", "The number of active tasks.")
        activeRequests = try Self.gauge("app_active_request_count", "The number of active requests.")
        openSessions = try Self.gauge("app_open_sessions_count", "The number of open sessions.")
        let (interval, maxAge) = (DurationText.write(interval), DurationText.write(maxAge))
        up = try Self.gauge(
            "app_agent_up",
            "Whether the last poll of the agent succeeded. It is polled in the background, every \(interval) while it answers;"
                + " its values are held for at most \(maxAge) after that."
        )
        state = try Self.gauge(
            "app_agent_state",
            "The state of the agent, 1 for the current one: by its own word, or unreachable when nothing younger than \(maxAge) is"
                + " known."
        )
        heartbeat = try Self.gauge(
            "app_last_heartbeat_timestamp",
            "When the agent was last polled with success, in seconds since 1970: the age of the values above."
        )
        var labels: [(AgentState, Labels)] = []
        for state in AgentState.allCases { labels.append((state, try Labels(["state": state.rawValue]))) }
        stateLabels = labels
    }

    private static func gauge(_ name: String, _ help: String) throws(MetricsError) -> MetricDescriptor {
        try MetricDescriptor(name, kind: .gauge, help: help)
    }

    var descriptors: [MetricDescriptor] {
        [version, status, activeTasks, activeRequests, openSessions, up, state, heartbeat]
    }

    func families(_ verdict: Verdict) -> [MetricFamily] {
        let isRunning = verdict.reading?.state == .running
        let heard = verdict.polls.reading?.sinceEpoch
        let (first, rest) = verdict.values.map(values) ?? ([], [])
        return first + [family(status, isRunning ? 1 : 0)] + rest + [
            family(up, verdict.isUp ? 1 : 0),
            MetricFamily(state, samples: stateLabels.map { Sample($0.0 == verdict.state ? 1 : 0, labels: $0.1) }),
            MetricFamily(heartbeat, samples: heard.map { [Sample($0.wholeMilliseconds)] } ?? []),
        ]
    }

    /// What stands before the status, and what behind it.
    private func values(_ reading: AgentReading) -> ([MetricFamily], [MetricFamily]) {
        let labels = try? Labels([
            "version": reading.version ?? "unknown", "commit_hash": reading.commitHash ?? "unknown",
            "build_timestamp": reading.buildTimestamp ?? "0",
        ])
        return (
            [MetricFamily(version, samples: labels.map { [Sample(1, labels: $0)] } ?? [])],
            [
                family(activeTasks, reading.activeTasks ?? 0), family(activeRequests, reading.activeRequests ?? 0),
                family(openSessions, reading.openSessions ?? 0),
            ]
        )
    }

    private func family(_ descriptor: MetricDescriptor, _ value: Double) -> MetricFamily {
        MetricFamily(descriptor, samples: [Sample(value)])
    }
}
