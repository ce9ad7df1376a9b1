import AsyncHTTP
import Cache
import Telemetry

/// Reads the source at its interval and sends what waits, on a loop.
actor ReportSender<Time: Clock> where Time.Instant == MonotonicInstant, Time.Duration == Duration {
    /// How often a flush looks whether somebody still sends.
    private let look = Duration.milliseconds(10)

    private nonisolated let loop: EventLoop
    private let configuration: ReportConfiguration
    private let source: (@Sendable () -> [MetricFamily])?
    private let queue: ReportQueue
    private let identifiers: ReportIdentifiers
    private let clock: Time
    private let wallClock: @Sendable () -> Duration
    private let refresher: Refresher<Void, ReportFailure, Time, SystemRandomNumberGenerator>

    init(
        _ configuration: ReportConfiguration,
        _ delivery: ReportDelivery<Time>,
        source: (@Sendable () -> [MetricFamily])?,
        identifiers: ReportIdentifiers,
        on loop: EventLoop
    ) {
        self.configuration = configuration
        self.source = source
        self.identifiers = identifiers
        self.loop = loop
        queue = delivery.queue
        clock = delivery.clock
        wallClock = delivery.wallClock
        refresher = Refresher(
            // A fetch waits for something to send, and is ended by the client's own deadlines.
            schedule: RefreshSchedule(
                interval: Backoff.shortest,
                timeout: Backoff.longest,
                backoff: configuration.backoff
            ),
            clock: delivery.clock,
            generator: SystemRandomNumberGenerator(),
            wallClock: delivery.wallClock,
            fetch: { _ throws(ReportFailure) in try await delivery.sendNext() }
        )
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Reads and sends until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.read() }
            await refresher.run()
            group.cancelAll()
        }
    }

    /// Reads once more, and sends what waits.
    ///
    /// - Returns: whether all of it was done with in time.
    func flush(within time: Duration) async -> Bool {
        let deadline = clock.now.advanced(by: time)
        seal()
        readSource()
        return await withTaskGroup { group in
            // Ends the present wait, if there is one.
            group.addTask { [refresher] in _ = try? await refresher.refreshNow(deadline: deadline) }
            // If nobody sends, this does. Whoever sends now may be about to end.
            group.addTask { [refresher, clock, look] in
                while !Task.isCancelled {
                    await refresher.run()
                    try? await clock.sleep(for: look)
                }
            }
            let isEmpty = await queue.untilEmpty(or: deadline, clock: clock)
            group.cancelAll()
            return isEmpty
        }
    }

    private func read() async {
        let interval = max(configuration.interval, Backoff.shortest)
        var due = clock.now
        while !Task.isCancelled {
            seal()
            if clock.now >= due {
                readSource()
                // Readings that were missed are not made up for.
                due = max(due.advanced(by: interval), clock.now.advanced(by: Backoff.shortest))
            }
            await queue.untilBatch(or: due, clock: clock)
        }
    }

    /// Writes the events that have come into reports.
    private func seal() {
        let events = queue.takeEvents()
        guard !events.isEmpty else { return }
        var writer = ReportWriter(configuration, identifiers)
        for event in events { writer.append(event) }
        let lost = writer.oversized
        queue.add(events: lost == events.count ? [] : writer.finish(), lost: lost)
    }

    private func readSource() {
        guard let source else { return }
        let time = wallClock()
        var writer = ReportWriter(configuration, identifiers)
        for family in source() { family.forEachReportedSample(at: time) { writer.append($0) } }
        queue.add(reading: writer.finish())
    }
}
