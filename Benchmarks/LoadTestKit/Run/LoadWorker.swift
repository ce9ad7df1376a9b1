import AsyncHTTP

/// The part of a load that lives on one loop: its connections, their moments, and what they measure.
actor LoadWorker {
    /// Nobody listens there: to ask again at once would only spin.
    private static let pauseAfterRefusal = Duration.milliseconds(10)

    nonisolated let loop: EventLoop
    nonisolated let counts = LiveCounts()
    private let plan: LoadPlan
    /// Of the plan, for each request.
    private let mode: LoadPlan.Mode
    private let timeout: Duration
    private let targets: [LoadTarget]
    private let window: RunWindow
    private let number: Int
    private let workers: Int
    private let budget: RequestBudget?
    /// For each connection its URL, by number.
    private let urls: [Int]
    /// For each URL; nil in other modes, and where another worker has its connections.
    private var schedules: [RateSchedule?]
    private var scrapers: [ScraperSchedule] = []
    private var pacer: Pacer?
    private var connections: [LoadConnection] = []
    private var slowReaders: [SlowReader] = []
    /// For each URL.
    private var measurements: [Measurement]
    private var stopped: MonotonicInstant?

    /// - Parameters:
    ///   - dealing: of the plan's connections; this is one of its workers.
    ///   - budget: how many requests are measured by all workers, where no time says so.
    init(
        _ plan: LoadPlan,
        _ targets: [LoadTarget],
        _ window: RunWindow,
        _ dealing: Dealing,
        number: Int,
        budget: RequestBudget? = nil,
        on loop: EventLoop
    ) {
        self.plan = plan
        mode = plan.mode
        timeout = plan.settings.timeout
        self.targets = targets
        self.window = window
        self.number = number
        self.budget = budget
        self.loop = loop
        workers = dealing.workers
        urls = dealing.urls(of: number)
        schedules = targets.indices.map { url in
            guard plan.mode == .open, let rate = plan.settings.rate else { return nil }
            return dealing.schedule(of: number, url: url, from: window.start, rate: rate)
        }
        measurements = targets.map { _ in Measurement() }
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Loads until the end of the window, and until the last answer has come.
    ///
    /// - Returns: what was measured of each URL.
    func run() async throws -> [Measurement] {
        let pacer = try Pacer(on: loop)
        self.pacer = pacer
        let judge = BodyJudge(plan.settings.validation)
        connections = urls.map { LoadConnection(targets[$0], judge: judge, on: loop) }
        let slow = Dealing(plan.settings.slowReaders, urls: targets.count, workers: workers)
        slowReaders = slow.urls(of: number).map { SlowReader(targets[$0], of: $0, until: window.end, on: loop) }
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
        return measurements
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
        let (connection, url) = (connections[index], urls[index])
        var now = max(window.start, .now)
        while let due = await nextDue(index, connection.turn, now) {
            now = max(due, now)
            do throws(LoadFailure) {
                let bytes = try await connection.exchange(until: now.advanced(by: timeout))
                now = .now
                record(bytes, of: url, due: due, now)
            } catch {
                now = .now
                await record(error, of: url, due: due, now)
            }
        }
        connection.close()
    }

    /// Waits until the next request of a connection is due; nil when there is none any more.
    private func nextDue(_ index: Int, _ place: Waiter, _ now: MonotonicInstant) async -> MonotonicInstant? {
        guard stopped == nil, now < window.last, let pacer else { return nil }
        let due = takeDue(index, now)
        guard due < window.end else { return nil }
        if let budget, due >= window.measured, !budget.take() { return nil }
        if due > now, await !pacer.wait(until: due, in: place) { return nil }
        return due
    }

    private func takeDue(_ index: Int, _ now: MonotonicInstant) -> MonotonicInstant {
        switch mode {
        case .closed: now
        case .open: schedules[urls[index]]?.take() ?? now
        case .scrapers: scrapers[index].take(shift: .random(in: -1...1))
        }
    }

    private func record(_ bytes: Int, of url: Int, due: MonotonicInstant, _ now: MonotonicInstant) {
        guard due >= window.measured else { return }
        measurements[url].record(bytes, due: due, at: now, isInTime: now <= window.end)
        counts.addAnswer()
    }

    private func record(_ failure: LoadFailure, of url: Int, due: MonotonicInstant, _ now: MonotonicInstant) async {
        guard stopped == nil else { return }
        if due >= window.measured {
            measurements[url].record(failure, at: now)
            counts.addFailure()
        }
        if mode == .closed, failure.kind == .connect {
            try? await loop.clock.sleep(for: Self.pauseAfterRefusal)
        }
    }

    private func finish() {
        let end = min(window.end, stopped ?? window.end)
        for url in measurements.indices {
            guard let schedule = schedules[url] else { continue }
            measurements[url].unsent = UInt64(schedule.untaken(from: window.measured, to: end))
        }
        for reader in slowReaders { measurements[reader.url].slowReadersClosed &+= reader.timesClosed }
    }
}
