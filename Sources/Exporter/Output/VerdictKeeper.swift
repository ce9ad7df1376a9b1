import AsyncHTTP
import Cache
import Service
import TelemetryServer

/// Sees to it that what is shown is true: reaches a new verdict after each poll and at the moment at which the old one ends by
/// itself, and has the counters rendered about once a second while somebody looks. All of it on the polling loop.
actor VerdictKeeper<Time: Clock> where Time.Instant == MonotonicInstant, Time.Duration == Duration {
    private let tick = Duration.seconds(1)

    private nonisolated let loop: EventLoop
    private let rules: VerdictConfiguration
    private let metrics: ExporterMetrics
    private let publisher: MomentPublisher
    private let history: History
    private let pulse: Pulse
    private let clock: Time
    private var log: PollLog

    init(
        _ rules: VerdictConfiguration,
        metrics: ExporterMetrics,
        publisher: MomentPublisher,
        history: History,
        pulse: Pulse,
        logger: Logger,
        clock: Time,
        on loop: EventLoop
    ) {
        self.rules = rules
        self.metrics = metrics
        self.publisher = publisher
        self.history = history
        self.pulse = pulse
        self.clock = clock
        self.loop = loop
        log = PollLog(logger)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// After each poll.
    func polled(_ polls: PollState) {
        guard let attempt = polls.lastAttempt else { return }
        metrics.count(attempt, of: polls)
        let now = clock.now
        let verdict = Verdict(polls, rules, at: now)
        log.polled(attempt, verdict, at: now)
        show(verdict, at: now)
    }

    /// Goes on until the task is cancelled.
    func keepTime() async {
        while !Task.isCancelled {
            let next = clock.now.advanced(by: tick)
            let end = publisher.verdict.lastsUntil?.advanced(by: .milliseconds(1)) ?? .distantFuture
            try? await clock.sleep(until: min(next, end), tolerance: nil)
            let now = clock.now
            pulse.beat(at: now)
            let verdict = publisher.verdict
            if let end = verdict.lastsUntil, end < now {
                show(Verdict(verdict.polls, rules, at: now), at: now)
            } else {
                publisher.renewIfWanted(at: now)
            }
        }
    }

    private func show(_ verdict: Verdict, at now: MonotonicInstant) {
        history.record(verdict.reading.map(History.Point.init), at: now)
        log.judged(verdict, at: now)
        publisher.publish(verdict, at: now)
    }
}
