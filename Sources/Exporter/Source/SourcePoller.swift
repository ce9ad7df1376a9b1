import AsyncHTTP
import Cache

/// Keeps what a source says fresh, on a loop: one poll at a time, at its interval, with backoff while polls fail.
actor SourcePoller<Polled: Source, Time: Clock> where Time.Instant == MonotonicInstant, Time.Duration == Duration {
    typealias State = RefreshState<Polled.Reading, PollFailure, MonotonicInstant>

    /// How often it is looked whether somebody listens again.
    private let look = Duration.seconds(1)

    private nonisolated let loop: EventLoop
    private let source: Polled
    private let clock: Time
    private let timeout: Duration
    private let refresher: Refresher<Polled.Reading, PollFailure, Time, SystemRandomNumberGenerator>

    /// - Parameters:
    ///   - wallClock: the time since 1970, kept with each reading.
    ///   - polled: called on the loop after every poll.
    init(
        _ source: Polled,
        schedule: RefreshSchedule,
        clock: Time,
        wallClock: @escaping @Sendable () -> Duration,
        on loop: EventLoop,
        polled: @escaping @Sendable (State) -> Void
    ) {
        self.source = source
        self.clock = clock
        self.loop = loop
        timeout = schedule.timeout
        refresher = Refresher(
            schedule: schedule,
            clock: clock,
            generator: SystemRandomNumberGenerator(),
            wallClock: wallClock,
            fetch: { _ throws(PollFailure) in try await source.poll() },
            publish: polled
        )
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Polls until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchForReturn() }
            await refresher.run()
            group.cancelAll()
        }
        await source.close()
    }

    /// Polls at once instead of at the end of the present wait, and returns when that is done or the time is over.
    func pollNow(within time: Duration) async {
        _ = try? await refresher.refreshNow(deadline: clock.now.advanced(by: time))
    }

    /// Polls at once when somebody listens again where nobody did, or what makes us known can be had again. A source that takes a
    /// minute to start is seen a second after that, however long the wait has become; and connecting costs nobody anything while
    /// nobody is there.
    private func watchForReturn() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: look)
            let failure = refresher.state.lastAttempt?.failure.map(PollFailure.init)
            guard failure?.mayEndUnasked == true, await source.isListening() else { continue }
            await pollNow(within: timeout)
        }
    }
}
