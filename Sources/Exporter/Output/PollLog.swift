import AsyncHTTP
import Cache
import Service

/// What the log says of polls: each change once, and what goes on once a minute.
struct PollLog: Sendable {
    private let logger: Logger
    private var failures = RepeatedFailure()
    private var state: AgentState?

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// After each poll.
    mutating func polled(_ attempt: PollState.Attempt, _ verdict: Verdict, at now: MonotonicInstant) {
        guard let failure = verdict.failure else {
            if failures.succeeded() { logger.info("agent answers again") }
            let took = attempt.started.duration(to: attempt.finished)
            return logger.debug("polled", ("seconds", LogValue(took)))
        }
        // The details may differ from poll to poll, by the agent's will, too; only another reason or status is news.
        let key = "\(failure.reason.rawValue) \(failure.status ?? 0)"
        guard let report = failures.failed(key, at: now) else { return }
        var fields: [LogLine.Field] = [
            ("reason", LogValue(failure.reason.rawValue)), ("detail", LogValue(failure.detail)),
            ("failures", LogValue(verdict.polls.consecutiveFailures)),
            ("next_poll_seconds", LogValue(verdict.polls.wait)),
        ]
        if case .repeated(let count) = report { fields.append(("repeated", LogValue(count))) }
        logger.log(.warn, "poll failed", fields)
    }

    /// After each verdict.
    mutating func judged(_ verdict: Verdict) {
        guard verdict.state != state else { return }
        let previous = state?.rawValue ?? "none"
        state = verdict.state
        logger.info("agent state", ("state", LogValue(verdict.state.rawValue)), ("before", LogValue(previous)))
    }
}
