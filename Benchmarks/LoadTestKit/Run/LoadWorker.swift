import AsyncHTTP

/// The part of a load that lives on one loop: its connections, their moments, and what they measure.
actor LoadWorker {
    /// Nobody listens there: to ask again at once would only spin.
    private static let pauseAfterRefusal = Duration.milliseconds(10)

    nonisolated let loop: EventLoop
    nonisolated let counts = LiveCounts()
    private let plan: LoadPlan
    private let target: LoadTarget
    private let window: RunWindow
    private let share: WorkShare
    private var schedule: RateSchedule?
    private var scrapers: [ScraperSchedule] = []
    private var pacer: Pacer?
    private var connections: [LoadConnection] = []
    private var slowReaders: [SlowReader] = []
    private var measurement = Measurement()
    private var stopped: MonotonicInstant?

    init(_ plan: LoadPlan, _ target: LoadTarget, _ window: RunWindow, _ share: WorkShare, on loop: EventLoop) {
        self.plan = plan
        self.target = target
        self.window = window
        self.share = share
        self.loop = loop
        if plan.mode == .open, let rate = plan.settings.rate {
            schedule = RateSchedule(from: window.start, rate: rate, worker: share.number, of: share.workers)
        }
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Loads until the end of the window, and until the last answer has come.
    func run() async throws -> Measurement {
        let pacer = try Pacer(on: loop)
        self.pacer = pacer
        let judge = BodyJudge(plan.settings.validation)
        connections = (0..<share.of(plan.connections)).map { _ in LoadConnection(target, judge: judge, on: loop) }
        slowReaders = (0..<share.of(plan.settings.slowReaders)).map { _ in
            SlowReader(target, until: window.end, on: loop)
        }
        if plan.mode == .scrapers {
            scrapers = connections.map { _ in
                ScraperSchedule(from: window.start, interval: plan.settings.interval, phase: .random(in: 0..<1))
            }
        }
        if stopped != nil { stop() }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepTime() }
            group.addTask {
                await self.drive()
                await self.rest()
            }
        }
        finish()
        return measurement
    }

    /// Ends at once: what is under way is given up, and counts for nothing.
    func stop() {
        if stopped == nil { stopped = .now }
        pacer?.stop()
        for connection in connections { connection.stop() }
        for reader in slowReaders { reader.stop() }
    }

    private func keepTime() async {
        await pacer?.run()
    }

    private func rest() {
        pacer?.stop()
        for reader in slowReaders { reader.stop() }
    }

    private func drive() async {
        await withDiscardingTaskGroup { group in
            for index in connections.indices { group.addTask { await self.drive(index) } }
            for index in slowReaders.indices { group.addTask { await self.readSlowly(index) } }
        }
    }

    private func readSlowly(_ index: Int) async {
        await slowReaders[index].run()
    }

    // MARK: One connection

    private func drive(_ index: Int) async {
        let connection = connections[index]
        var now = max(window.start, .now)
        while let due = await nextDue(index, connection.turn, now) {
            now = max(due, now)
            do throws(LoadFailure) {
                let bytes = try await connection.exchange(until: now.advanced(by: plan.settings.timeout))
                now = .now
                record(bytes, due: due, now)
            } catch {
                now = .now
                await record(error, due: due)
            }
        }
        connection.close()
    }

    /// Waits until the next request of a connection is due; nil when there is none any more.
    private func nextDue(_ index: Int, _ place: Waiter, _ now: MonotonicInstant) async -> MonotonicInstant? {
        guard stopped == nil, now < window.last, let pacer else { return nil }
        let due = takeDue(index, now)
        guard due < window.end else { return nil }
        if due > now, await !pacer.wait(until: due, in: place) { return nil }
        return due
    }

    private func takeDue(_ index: Int, _ now: MonotonicInstant) -> MonotonicInstant {
        switch plan.mode {
        case .closed: now
        case .open: schedule?.take() ?? now
        case .scrapers: scrapers[index].take(shift: .random(in: -1...1))
        }
    }

    private func record(_ bytes: Int, due: MonotonicInstant, _ now: MonotonicInstant) {
        guard due >= window.measured else { return }
        measurement.latency.record(now.nanoseconds &- due.nanoseconds)
        measurement.bytes &+= UInt64(bytes)
        if now <= window.end { measurement.inTime &+= 1 }
        counts.addAnswer()
    }

    private func record(_ failure: LoadFailure, due: MonotonicInstant) async {
        guard stopped == nil else { return }
        if due >= window.measured {
            measurement.failures.record(failure)
            counts.addFailure()
        }
        if plan.mode == .closed, failure.kind == .connect {
            try? await loop.clock.sleep(for: Self.pauseAfterRefusal)
        }
    }

    private func finish() {
        if let schedule {
            let end = min(window.end, stopped ?? window.end)
            measurement.unsent = UInt64(schedule.untaken(from: window.measured, to: end))
        }
        measurement.slowReadersClosed = slowReaders.reduce(0) { $0 &+ $1.timesClosed }
    }
}

/// Which of several workers one is.
struct WorkShare: Sendable, Hashable {
    let number: Int
    let workers: Int

    /// Its part of so many.
    func of(_ total: Int) -> Int {
        total / workers + (number < total % workers ? 1 : 0)
    }
}
