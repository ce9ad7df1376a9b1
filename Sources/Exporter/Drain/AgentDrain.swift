import AsyncHTTP
import Cache
import Service

/// Goes on serving while the agent shuts down, so that its last tasks can be watched.
struct AgentDrain<Time: Clock>: Sendable where Time.Instant == MonotonicInstant, Time.Duration == Duration {
    private let look = Duration.milliseconds(200)
    private let pollAtLeastEvery = Duration.seconds(1)

    let configuration: DrainConfiguration
    /// The verdict that stands.
    let verdict: @Sendable () -> Verdict
    /// Polls now, within so long.
    let poll: @Sendable (Duration) async -> Void
    let logger: Logger
    let clock: Time

    init(
        _ configuration: DrainConfiguration,
        verdict: @escaping @Sendable () -> Verdict,
        poll: @escaping @Sendable (Duration) async -> Void,
        logger: Logger,
        clock: Time
    ) {
        self.configuration = configuration
        self.verdict = verdict
        self.poll = poll
        self.logger = logger
        self.clock = clock
    }

    /// Returns when there is nothing left to wait for, or when it is told that it is over.
    ///
    /// - Returns: why.
    func wait(while goesOn: @Sendable () -> Bool) async -> String {
        let policy = DrainPolicy(began: clock.now, timeout: configuration.timeout)
        logger.info(
            "draining",
            ("agent_patience_seconds", LogValue(DrainPolicy.patience)),
            ("timeout_seconds", LogValue(policy.timeout))
        )
        var polled = clock.now
        await poll(pollAtLeastEvery)
        while goesOn(), !Task.isCancelled {
            let now = clock.now
            let verdict = verdict()
            if case .stop(let reason) = policy.step(verdict, at: now) { return reason }
            if polled.duration(to: now) >= pollAtLeastEvery {
                polled = now
                if verdict.polls.wait > pollAtLeastEvery { await poll(pollAtLeastEvery) }
            }
            try? await clock.sleep(for: look)
        }
        return "it is over"
    }
}
