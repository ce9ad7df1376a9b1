import AsyncHTTP
import Cache
import Service
import Telemetry

/// What the exporter counts about its own work.
struct ExporterMetrics: Sendable {
    let polls: Counter
    let pollDuration: Histogram
    let consecutiveFailures: Gauge
    let backoff: Gauge
    let renders: Counter
    private let failures: [PollFailure.Reason: Counter]
    let invalidFields: Labeled<Counter>
    private let missingFields: [(AgentCount, Gauge)]

    init(in registry: Registry) throws(MetricsError) {
        let build = try registry.info(
            "agent_exporter_build_info",
            help: "Which build of the exporter this is.",
            labels: ["version", "revision", "swift"]
        )
        try build.set(BuildInfo.version, BuildInfo.revision, BuildInfo.swift)
        polls = try registry.counter("agent_exporter_polls_total", help: "Polls of the agent, failed ones included.")
        let failed = try registry.counter(
            "agent_exporter_poll_failures_total",
            help: "Polls of the agent that failed, by what went wrong.",
            labels: ["reason"]
        )
        var failures: [PollFailure.Reason: Counter] = [:]
        for reason in PollFailure.Reason.allCases { failures[reason] = try failed.with(reason.rawValue) }
        self.failures = failures
        pollDuration = try registry.histogram(
            "agent_exporter_poll_duration_seconds",
            help: "How long polls of the agent took.",
            unit: "seconds"
        )
        consecutiveFailures = try registry.gauge(
            "agent_exporter_consecutive_failures",
            help: "Polls that have failed since the last one that succeeded."
        )
        backoff = try registry.gauge(
            "agent_exporter_backoff_seconds",
            help: "How long the present wait after a failed poll is; 0 while polls succeed.",
            unit: "seconds"
        )
        invalidFields = try registry.counter(
            "agent_exporter_fields_invalid_total",
            help: "Values in the agent's answers that were not of the kind they should be, by their key.",
            labels: ["field"]
        )
        let missing = try registry.gauge(
            "agent_exporter_fields_missing",
            help:
                "Counts that the agent's last answer did not say, or not so that they can be read: 1 for each, 0 for the others.",
            labels: ["field"]
        )
        var missingFields: [(AgentCount, Gauge)] = []
        for count in AgentCount.allCases { missingFields.append((count, try missing.with(count.key))) }
        self.missingFields = missingFields
        renders = try registry.counter(
            "agent_exporter_renders_total",
            help: "How often the metrics were rendered: with polls and time, never with scrapes."
        )
    }

    /// Failed polls, whatever went wrong.
    var failureCount: Double { failures.values.reduce(0) { $0 + $1.value } }

    /// Counts a finished poll.
    func count(_ attempt: PollState.Attempt, of state: PollState) {
        polls.increment()
        pollDuration.observe(attempt.started.duration(to: attempt.finished))
        consecutiveFailures.set(Double(state.consecutiveFailures))
        if let failure = attempt.failure.map(PollFailure.init) {
            failures[failure.reason]?.increment()
            backoff.set(state.wait.wholeMilliseconds)
        } else {
            backoff.set(0)
            guard let reading = state.reading?.value else { return }
            for field in reading.invalidFields { try? invalidFields.with(field).increment() }
            for (count, gauge) in missingFields { gauge.set(reading[count] == nil ? 1 : 0) }
        }
    }
}
