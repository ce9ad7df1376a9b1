import AsyncHTTP
import Cache

/// From the first signal to the last answer.
actor Lifecycle {
    /// How long responses that are under way may take once the program stops.
    static let stopTimeout = Duration.seconds(7)

    private enum Phase {
        case serving
        /// Still serving, for as long as the agent is shutting down.
        case draining
        /// The listeners are closed.
        case stopping
    }

    private static let look = Duration.milliseconds(200)
    private static let pollAtLeastEvery = Duration.seconds(1)

    private nonisolated let loop: EventLoop
    private let configuration: Configuration
    private let server: HTTPServer
    private let poller: AgentPoller
    private let status: ExporterStatus
    private let notifier: ServiceNotifier
    private let logger: Logger
    private var phase = Phase.serving

    init(
        _ configuration: Configuration,
        server: HTTPServer,
        poller: AgentPoller,
        status: ExporterStatus,
        notifier: ServiceNotifier,
        logger: Logger,
        on loop: EventLoop
    ) {
        self.configuration = configuration
        self.server = server
        self.poller = poller
        self.status = status
        self.notifier = notifier
        self.logger = logger
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Obeys signals until the task is cancelled.
    func run() async throws {
        let signals = SignalSource([.interrupt, .terminate], on: loop)
        try await withThrowingDiscardingTaskGroup { group in
            while let signal = try await signals.next() {
                logger.info("signal", ("signal", LogValue(signal == .terminate ? "SIGTERM" : "SIGINT")))
                switch phase {
                case .serving where signal == .terminate:
                    begin(.draining)
                    group.addTask { await self.drain() }
                case .serving, .draining: stop(because: "a signal")
                case .stopping: server.shutdown(gracefully: false)
                }
            }
            group.cancelAll()
        }
        await signals.close()
    }

    private func begin(_ phase: Phase) {
        if case .serving = self.phase { notifier.stopping() }
        self.phase = phase
        status.isDraining = true
    }

    private func stop(because reason: String) {
        if case .stopping = phase { return }
        begin(.stopping)
        logger.info("stopping", ("because", LogValue(reason)))
        server.shutdown(gracefully: true)
    }

    /// Serves on until there is nothing left to wait for.
    private func drain() async {
        let policy = DrainPolicy(
            began: .now,
            timeout: configuration.web.drainTimeout,
            maxAge: configuration.agent.maxAge
        )
        logger.info(
            "draining",
            ("agent_patience_seconds", LogValue(DrainPolicy.patience)),
            ("timeout_seconds", LogValue(policy.timeout))
        )
        var polled = MonotonicInstant.now
        await poller.pollNow(within: Self.pollAtLeastEvery)
        while case .draining = phase, !Task.isCancelled {
            let now = MonotonicInstant.now
            if case .stop(let reason) = policy.step(status.polls.read(), at: now) { return stop(because: reason) }
            if polled.duration(to: now) >= Self.pollAtLeastEvery {
                polled = now
                if status.polls.read().wait > Self.pollAtLeastEvery {
                    await poller.pollNow(within: Self.pollAtLeastEvery)
                }
            }
            try? await loop.clock.sleep(for: Self.look)
        }
    }
}
