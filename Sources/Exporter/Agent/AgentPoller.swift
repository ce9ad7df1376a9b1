import AsyncHTTP
import Cache

/// Keeps the agent's reading and the rendered metrics fresh, on the polling loop.
actor AgentPoller {
    private typealias AgentRefresher = Refresher<
        AgentReading, PollFailure, EventLoopClock, SystemRandomNumberGenerator
    >

    private static let tick = Duration.seconds(1)
    /// The client ends a poll that takes too long, and can say what it was waiting for; the refresher ends one that does not.
    private static let leniency = Duration.milliseconds(250)

    private nonisolated let loop: EventLoop
    private let configuration: AgentConfiguration
    private let source: AgentSource
    private let publisher: MetricsPublisher
    private let status: ExporterStatus
    private let history: History
    private let logger: Logger
    private var failures = RepeatedFailure()
    private var loggedState: AgentState?
    /// When the last good reading is to be let go, should polls fail until then; nil when there is none to let go.
    private var heldUntil: MonotonicInstant?
    private var refresher: AgentRefresher?

    init(
        _ configuration: AgentConfiguration,
        publisher: MetricsPublisher,
        status: ExporterStatus,
        history: History,
        logger: Logger,
        on loop: EventLoop
    ) {
        self.configuration = configuration
        self.publisher = publisher
        self.status = status
        self.history = history
        self.logger = logger
        self.loop = loop
        source = AgentSource(configuration, decoder: AgentDecoder(gauges: configuration.gauges), on: loop)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Polls until the task is cancelled.
    func run() async {
        let backoff = Backoff(initial: configuration.backoffInitial, cap: configuration.backoffMax)
        let refresher = AgentRefresher(
            schedule: RefreshSchedule(
                interval: configuration.pollInterval,
                timeout: configuration.timeout + Self.leniency,
                backoff: backoff
            ),
            clock: loop.clock,
            generator: SystemRandomNumberGenerator(),
            wallClock: { WallClock.sinceEpoch },
            fetch: { [source] _ throws(PollFailure) in try await source.poll() },
            publish: { state in self.assumeIsolated { $0.polled(state) } }
        )
        self.refresher = refresher
        // It publishes to this actor, and would keep it for ever.
        defer { self.refresher = nil }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepTime() }
            group.addTask { await self.watchForReturn() }
            await refresher.run()
            group.cancelAll()
        }
        await source.close()
    }

    /// Polls at once instead of at the end of the present wait, and returns when that is done or the time is over.
    func pollNow(within time: Duration) async {
        _ = try? await refresher?.refreshNow(deadline: loop.clock.now.advanced(by: time))
    }

    // MARK: After each poll

    private func polled(_ state: PollState) {
        guard let attempt = state.lastAttempt else { return }
        status.polls.publish(state)
        publisher.metrics.count(attempt, of: state)
        let now = MonotonicInstant.now
        report(attempt, state, now)
        show(state, now)
        heldUntil = state.reading.map { $0.instant.advanced(by: configuration.maxAge) }.flatMap { $0 > now ? $0 : nil }
    }

    private func show(_ state: PollState, _ now: MonotonicInstant) {
        let view = AgentView(state, maxAge: configuration.maxAge, fallback: configuration.fallback, at: now)
        history.record(view.standing.point, at: now)
        if view.state != loggedState {
            let previous = loggedState?.rawValue ?? "none"
            loggedState = view.state
            logger.info("agent state", ("state", LogValue(view.state.rawValue)), ("before", LogValue(previous)))
        }
        publisher.render()
    }

    private func report(_ attempt: PollState.Attempt, _ state: PollState, _ now: MonotonicInstant) {
        guard let failure = attempt.failure.map(PollFailure.init) else {
            if failures.succeeded() { logger.info("agent answers again") }
            let took = attempt.started.duration(to: attempt.finished)
            return logger.debug("polled", ("seconds", LogValue(took)))
        }
        // The details may differ from poll to poll, by the agent's will, too; only another reason or status is news.
        let key = "\(failure.reason.rawValue) \(failure.status ?? 0)"
        guard let report = failures.failed(key, at: now) else { return }
        var fields: [LogLine.Field] = [
            ("reason", LogValue(failure.reason.rawValue)), ("detail", LogValue(failure.detail)),
            ("failures", LogValue(state.consecutiveFailures)), ("next_poll_seconds", LogValue(state.wait)),
        ]
        if case .repeated(let count) = report { fields.append(("repeated", LogValue(count))) }
        logger.log(.warn, "poll failed", fields)
    }

    // MARK: Between polls

    /// Shows that the loop runs, renders for scrapers while polls are far between, and lets a held reading go in time.
    private func keepTime() async {
        while !Task.isCancelled {
            let tick = MonotonicInstant.now.advanced(by: Self.tick)
            let expiry = heldUntil ?? .distantFuture
            try? await loop.clock.sleep(until: min(tick, expiry.advanced(by: .milliseconds(1))))
            status.beat()
            let now = MonotonicInstant.now
            let isOver = heldUntil.map { $0 < now } ?? false
            if isOver { heldUntil = nil }
            let polls = status.polls.read()
            if isOver, polls.consecutiveFailures > 0 { show(polls, now) } else { publisher.renderIfWanted() }
        }
    }
}

extension AgentPoller {
    /// Polls at once when somebody listens again where nobody did. An agent that takes a minute to start is seen a second
    /// after that, however long the wait has become; and connecting costs nobody anything while nobody is there.
    private func watchForReturn() async {
        while !Task.isCancelled {
            try? await loop.clock.sleep(for: Self.tick)
            let failure = status.polls.read().lastAttempt?.failure.map(PollFailure.init)
            guard failure?.reason == .connect, await source.isListening() else { continue }
            await pollNow(within: configuration.timeout)
        }
    }
}

extension AgentView.Standing {
    fileprivate var point: History.Point? {
        guard case .reading(let reading) = self else { return nil }
        return History.Point(
            tasks: reading.activeTasks ?? 0,
            requests: reading.activeRequests ?? 0,
            sessions: reading.openSessions ?? 0
        )
    }
}
