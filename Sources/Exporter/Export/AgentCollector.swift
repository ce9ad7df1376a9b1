import AsyncHTTP
import Cache
import Flags
import Telemetry

/// The families that the agent's answers become.
struct AgentCollector: Collector {
    private let version: MetricDescriptor
    private let status: MetricDescriptor
    private let activeTasks: MetricDescriptor
    private let activeRequests: MetricDescriptor
    private let openSessions: MetricDescriptor
    private let up: MetricDescriptor
    private let state: MetricDescriptor
    private let heartbeat: MetricDescriptor
    private let stateLabels: [(AgentState, Labels)]

    private let polls: @Sendable () -> PollState
    private let now: @Sendable () -> MonotonicInstant
    private let configuration: AgentConfiguration

    init(
        _ configuration: AgentConfiguration,
        now: @escaping @Sendable () -> MonotonicInstant = { .now },
        polls: @escaping @Sendable () -> PollState
    ) throws(MetricsError) {
        self.configuration = configuration
        self.now = now
        self.polls = polls
        version = try Self.gauge("app_version_info", "Application version information.")
        status = try Self.gauge(
            "app_agent_status",
            "Shows if the agent is running. (1 for running, 0 for not)"
        )
        activeTasks = try Self.gauge("app_active_task_count", "The number of active tasks.")
        activeRequests = try Self.gauge("app_active_request_count", "The number of active requests.")
        openSessions = try Self.gauge("app_open_sessions_count", "The number of open sessions.")
        let interval = DurationText.write(configuration.pollInterval)
        let maxAge = DurationText.write(configuration.maxAge)
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

    func collect() -> [MetricFamily] {
        let polls = polls()
        let view = AgentView(polls, maxAge: configuration.maxAge, fallback: configuration.fallback, at: now())
        return values(view) + [
            family(status, view.standing.isRunning ? 1 : 0),
            family(up, view.isUp ? 1 : 0),
            MetricFamily(state, samples: stateLabels.map { Sample($0.0 == view.state ? 1 : 0, labels: $0.1) }),
            MetricFamily(heartbeat, samples: (polls.reading?.sinceEpoch).map { [Sample($0.wholeMilliseconds)] } ?? []),
        ]
    }

    private func values(_ view: AgentView) -> [MetricFamily] {
        switch view.standing {
        case .absent: []
        case .defaults: values(AgentReading())
        case .reading(let reading): values(reading)
        }
    }

    private func values(_ reading: AgentReading) -> [MetricFamily] {
        let labels = try? Labels([
            "version": reading.version ?? "unknown", "commit_hash": reading.commitHash ?? "unknown",
            "build_timestamp": reading.buildTimestamp ?? "0",
        ])
        return [
            MetricFamily(version, samples: labels.map { [Sample(1, labels: $0)] } ?? []),
            family(activeTasks, reading.activeTasks ?? 0),
            family(activeRequests, reading.activeRequests ?? 0),
            family(openSessions, reading.openSessions ?? 0),
        ]
    }

    private func family(_ descriptor: MetricDescriptor, _ value: Double) -> MetricFamily {
        MetricFamily(descriptor, samples: [Sample(value)])
    }
}

extension AgentView.Standing {
    fileprivate var isRunning: Bool {
        if case .reading(let reading) = self { reading.state == .running } else { false }
    }
}

extension Duration {
    /// In seconds, to the millisecond: more would only make the number longer.
    var wholeMilliseconds: Double { Double(clampedNanoseconds / 1_000_000) / 1000 }
}
