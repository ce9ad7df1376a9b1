import AsyncHTTP
import Cache
import Service

/// What the log says of polls: each change once, and what goes on, or changes all the time, once a minute.
struct PollLog: Sendable {
    private let logger: Logger
    private var failures = RepeatedFailure()
    private var failureLines = LineBudget()
    /// The log has said that polls fail.
    private var isFailureTold = false
    private var told: AgentState?
    private var state = ChangeNotice<AgentState>()
    private var unknownStatus = ChangeNotice<String>()
    private var missing = ChangeNotice<[String]>()

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// After each poll.
    mutating func polled(_ attempt: PollState.Attempt, _ verdict: Verdict, at now: MonotonicInstant) {
        guard let failure = verdict.failure else {
            if failures.succeeded(), isFailureTold { logger.info("agent answers again") }
            isFailureTold = false
            remark(on: verdict, at: now)
            let took = attempt.started.duration(to: attempt.finished)
            return logger.debug("polled", ("seconds", LogValue(took)))
        }
        // The details may differ from poll to poll, by the agent's will, too; only another reason or status is news.
        let key = "\(failure.reason.rawValue) \(failure.status ?? 0)"
        guard let report = failures.failed(key, at: now), failureLines.take(at: now) else { return }
        isFailureTold = true
        var fields: [LogLine.Field] = [
            ("reason", LogValue(failure.reason.rawValue)), ("detail", LogValue(failure.detail)),
            ("failures", LogValue(verdict.polls.consecutiveFailures)),
            ("next_poll_seconds", LogValue(verdict.polls.wait)),
        ]
        if case .repeated(let count) = report { fields.append(("repeated", LogValue(count))) }
        logger.log(.warn, "poll failed", fields)
    }

    /// What the agent says, but not so that it is understood: each change once.
    private mutating func remark(on verdict: Verdict, at now: MonotonicInstant) {
        guard let reading = verdict.reading else { return }
        if let status = unknownStatus.changed(to: verdict.reported, at: now) {
            logger.warn("agent says a status that is not known", ("status", LogValue(status)))
        }
        let fields = (reading.status == nil ? ["agentStatus"] : []) + reading.missingCounts.map(\.key)
        if let fields = missing.changed(to: fields.isEmpty ? nil : fields, at: now) {
            let shown = verdict.omitsMissing ? "nothing" : "0"
            logger.warn(
                "agent does not say everything, or not so that it can be read",
                ("missing", LogValue(fields.joined(separator: " "))),
                ("shown", LogValue(shown))
            )
        }
    }

    /// After each verdict.
    mutating func judged(_ verdict: Verdict, at now: MonotonicInstant) {
        guard let state = state.changed(to: verdict.state, at: now) else { return }
        logger.log(
            state == .unreachable ? .warn : .info,
            "agent state",
            [("state", LogValue(state.rawValue)), ("before", LogValue(told?.rawValue ?? "none"))]
        )
        told = state
    }
}
