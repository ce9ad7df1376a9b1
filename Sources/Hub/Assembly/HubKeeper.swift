import AsyncHTTP
import Service
import TelemetryServer

/// Once a second what has come is rendered and what has expired is forgotten; once a minute the store is tidied, for which nothing
/// else waits.
actor HubKeeper {
    private static let tick = Duration.seconds(1)
    private static let tidyInterval = Duration.seconds(60)

    private nonisolated let loop: EventLoop
    private let publisher: LatestPublisher
    private let store: any Store
    private let history: History?
    private let activity: ReportActivity
    private let pulse: Pulse
    private let logger: Logger
    private var failures = RepeatedFailure()

    init(
        _ publisher: LatestPublisher,
        _ store: any Store,
        _ history: History?,
        _ activity: ReportActivity,
        _ pulse: Pulse,
        _ logger: Logger,
        on loop: EventLoop
    ) {
        self.publisher = publisher
        self.store = store
        self.history = history
        self.activity = activity
        self.pulse = pulse
        self.logger = logger
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Goes on until the task is cancelled.
    func keepTime() async {
        while !Task.isCancelled {
            pulse.beat()
            store.endOverdue(at: .now)
            publish()
            activity.note(at: .now)
            history?.tell(at: .now)
            try? await loop.clock.sleep(for: Self.tick)
        }
    }

    /// What is held is what is scraped from now on.
    func publish() {
        publisher.publish(at: .now, wallClock: WallClock.milliseconds)
    }

    /// Goes on until the task is cancelled.
    func keepStore() async {
        while !Task.isCancelled {
            await tidy()
            try? await loop.clock.sleep(for: Self.tidyInterval)
        }
    }

    private func tidy() async {
        do {
            try await store.tidy(at: WallClock.milliseconds)
            if failures.succeeded() { logger.info("the store is as it should be again") }
        } catch {
            if Task.isCancelled { return }
            guard failures.failed("\(error)", at: .now) != nil else { return }
            logger.error("the store cannot be tidied", ("error", LogValue("\(error)")))
        }
    }
}
