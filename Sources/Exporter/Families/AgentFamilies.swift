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
    private let reported: MetricDescriptor
    private let heartbeat: MetricDescriptor
    private let stateLabels: [(AgentState, Labels)]
    /// The names of other documents, if they are wanted.
    private let aliases: [(build: MetricDescriptor, sessions: MetricDescriptor)]

    /// - Parameters:
    ///   - interval: with `maxAge`, what HELP says of how old the values may be.
    ///   - hasAliases: two of them under a second name, too.
    init(
        polledEvery interval: Duration,
        heldFor maxAge: Duration,
        hasAliases: Bool = false
    ) throws(MetricsError) {
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
        reported = try Self.gauge(
            "app_agent_reported_status",
            "1 while the agent says a status that is not known here, with that status as it came."
        )
        heartbeat = try Self.gauge(
            "app_last_heartbeat_timestamp",
            "When the agent was last polled with success, in seconds since 1970: the age of the values above."
        )
        var labels: [(AgentState, Labels)] = []
        for state in AgentState.allCases { labels.append((state, try Labels(["state": state.rawValue]))) }
        stateLabels = labels
        aliases =
            hasAliases
            ? [
                (
                    try Self.gauge("app_build_info", "As app_version_info."),
                    try Self.gauge("app_open_sessions", "As app_open_sessions_count.")
                )
            ] : []
    }

    private static func gauge(_ name: String, _ help: String) throws(MetricsError) -> MetricDescriptor {
        try MetricDescriptor(name, kind: .gauge, help: help)
    }

    var descriptors: [MetricDescriptor] {
        [version, status, activeTasks, activeRequests, openSessions, up, state, reported, heartbeat]
            + aliases.flatMap { [$0.build, $0.sessions] }
    }

    func families(_ verdict: Verdict) -> [MetricFamily] {
        let word = verdict.reported.flatMap { try? Labels(["status": $0]) }
        let heard = verdict.polls.reading?.sinceEpoch
        let (first, rest) = verdict.values.map { values($0, verdict.omitsMissing) } ?? ([], [])
        return first + [status(verdict)] + rest + [
            family(up, verdict.isUp ? 1 : 0),
            MetricFamily(state, samples: stateLabels.map { Sample($0.0 == verdict.state ? 1 : 0, labels: $0.1) }),
            MetricFamily(reported, samples: word.map { [Sample(1, labels: $0)] } ?? []),
            MetricFamily(heartbeat, samples: heard.map { [Sample($0.wholeMilliseconds)] } ?? []),
        ]
    }

    /// Whether it runs: also said where nothing else is.
    private func status(_ verdict: Verdict) -> MetricFamily {
        if verdict.omitsMissing, let reading = verdict.reading, reading.status == nil {
            return MetricFamily(status, samples: [])
        }
        return family(status, verdict.reading?.state == .running ? 1 : 0)
    }

    /// What stands before the status, and what behind it.
    private func values(_ reading: AgentReading, _ omitsMissing: Bool) -> ([MetricFamily], [MetricFamily]) {
        let build = [reading.version, reading.commitHash, reading.buildTimestamp]
        let labels = try? Labels([
            "version": reading.version ?? "unknown", "commit_hash": reading.commitHash ?? "unknown",
            "build_timestamp": reading.buildTimestamp ?? "0",
        ])
        let isBuildLeftOut = omitsMissing && build.allSatisfy { $0 == nil }
        let versions = isBuildLeftOut ? [] : labels.map { [Sample(1, labels: $0)] } ?? []
        func counted(_ descriptor: MetricDescriptor, _ value: Double?) -> MetricFamily {
            let shown = value ?? (omitsMissing ? nil : 0)
            return MetricFamily(descriptor, samples: shown.map { [Sample($0)] } ?? [])
        }
        return (
            [MetricFamily(version, samples: versions)] + aliases.map { MetricFamily($0.build, samples: versions) },
            [
                counted(activeTasks, reading.activeTasks), counted(activeRequests, reading.activeRequests),
                counted(openSessions, reading.openSessions),
            ] + aliases.map { counted($0.sessions, reading.openSessions) }
        )
    }

    private func family(_ descriptor: MetricDescriptor, _ value: Double) -> MetricFamily {
        MetricFamily(descriptor, samples: [Sample(value)])
    }
}
