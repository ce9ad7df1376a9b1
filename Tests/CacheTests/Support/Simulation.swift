import Cache
import Synchronization

/// One seed's schedule, run on a virtual clock, with an independent account of what must hold at every step.
final class Simulation: Sendable {
    /// A fetched value: which fetch made it, and when that fetch finished.
    struct Value: Sendable {
        let number: Int
        let made: VirtualClock.Instant
    }

    typealias Subject = Refresher<Value, Broken, VirtualClock, SeededGenerator>

    private struct Account {
        var generator: SeededGenerator
        var fetchesInFlight = 0
        var fetches = 0
        /// When the last fetch let go, and when the next one may begin.
        var released = VirtualClock.Instant(offset: .zero)
        var due = VirtualClock.Instant(offset: .zero)
        var failures = 0
        var succeeded: VirtualClock.Instant?
        var requested = false
        var ended = false
        var violations: [String] = []
    }

    private let scenario: Scenario
    private let world = World()
    private let account: Mutex<Account>

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        scenario = Scenario(generator: &generator)
        account = Mutex(Account(generator: generator))
    }

    /// What went wrong; empty if every promise was kept.
    func violations() -> [String] {
        let subject = Subject(
            schedule: scenario.schedule,
            clock: world.clock,
            generator: account.withLock { SeededGenerator(seed: $0.generator.next()) },
            wallClock: { .zero },
            fetch: { [self] deadline throws(Broken) in try await fetch(deadline: deadline) },
            publish: { [self] in check(published: $0) }
        )
        world.run(jump: jump) { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await subject.run() }
                for look in scenario.looks { group.addTask { await self.look(at: subject, after: look) } }
                for request in scenario.requests {
                    group.addTask { await self.request(from: subject, after: request.at, patience: request.patience) }
                }
                await world.sleep(scenario.end)
                account.withLock { $0.ended = true }
                group.cancelAll()
            }
            require(account.withLock(\.fetchesInFlight) == 0, "a fetch outlived the run")
        }
        return account.withLock(\.violations)
    }

    private func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
        guard !holds else { return }
        let violation = "\(promise()) at \(world.clock.now)"
        account.withLock { $0.violations.append(violation) }
    }

    private func jump() -> Duration {
        account.withLock { account in
            guard Double.random(in: 0...1, using: &account.generator) < scenario.jumps else { return .zero }
            return .milliseconds(Int64.random(in: 1...30_000, using: &account.generator))
        }
    }

    private func fetch(deadline: VirtualClock.Instant) async throws(Broken) -> Value {
        let started = world.clock.now
        let (number, behaviour, latency) = begin(at: started)
        defer {
            account.withLock { account in
                account.fetchesInFlight -= 1
                account.released = world.clock.now
            }
        }
        require(deadline == started.advanced(by: scenario.schedule.timeout), "a wrong deadline")
        let answer = started.advanced(by: latency)
        switch behaviour {
        case .success, .slow:
            guard (try? await world.clock.sleep(until: answer, tolerance: nil)) != nil else { throw Broken() }
        case .fail:
            try? await world.clock.sleep(until: answer, tolerance: nil)
            throw Broken()
        case .hang:
            await world.sleep(.seconds(1_000_000))
            throw Broken()
        case .stubborn:
            await world.clock.sleepStubbornly(until: answer)
        }
        return Value(number: number, made: world.clock.now)
    }

    private func begin(at started: VirtualClock.Instant) -> (Int, Scenario.Behaviour, Duration) {
        let before = world.clock.before
        return account.withLock { account in
            if account.fetchesInFlight != 0 { account.violations.append("two fetches at once at \(started)") }
            if account.ended { account.violations.append("a fetch after the end at \(started)") }
            let due = max(account.due, account.released)
            if started < due, !account.requested { account.violations.append("fetched too early: \(started) < \(due)") }
            if due < before { account.violations.append("fetched too late: \(started), due \(due)") }
            account.fetchesInFlight += 1
            account.fetches += 1
            account.requested = false
            let healthy = Double.random(in: 0...1, using: &account.generator) < scenario.health
            let behaviour =
                healthy ? .success : Scenario.Behaviour.allCases.randomElement(using: &account.generator) ?? .hang
            let share: ClosedRange<Double> =
                switch behaviour {
                case .success, .fail: 0...0.99
                case .slow: 0.8...1.2
                case .hang, .stubborn: 1.01...4
                }
            let latency = scenario.schedule.timeout * Double.random(in: share, using: &account.generator)
            return (account.fetches, behaviour, latency)
        }
    }

    private func check(published state: Subject.State) {
        let now = world.clock.now
        guard let attempt = state.lastAttempt else { return require(false, "published without an attempt") }
        require(attempt.finished == now, "published late")
        let (failures, succeeded) = account.withLock { account in
            account.failures = attempt.failure == nil ? 0 : account.failures + 1
            if attempt.failure == nil { account.succeeded = now }
            account.due = now.advanced(by: state.wait)
            return (account.failures, account.succeeded)
        }
        require(!account.withLock(\.ended), "published after the end")
        require(state.consecutiveFailures == failures, "\(state.consecutiveFailures) failures instead of \(failures)")
        require(state.reading?.instant == succeeded, "the reading is not the last success")
        if attempt.failure == nil {
            require(state.wait == scenario.schedule.interval, "waits \(state.wait) after a success")
        } else {
            let backoff = scenario.schedule.backoff
            var expected = backoff.initial / .seconds(1)
            for _ in 1..<max(failures, 1) {
                expected = min(expected * Double(backoff.factor), backoff.cap / .seconds(1))
            }
            let deviation = abs(state.wait / .seconds(1) / expected - 1)
            require(deviation <= backoff.jitter + 1e-6, "waits \(state.wait) after \(failures) failures")
        }
        if attempt.failure == .deadlineExceeded {
            let taken = attempt.started.duration(to: attempt.finished)
            require(taken >= scenario.schedule.timeout, "gave up after \(taken)")
        }
    }

    private func look(at subject: Subject, after delay: Duration) async {
        await world.sleep(delay)
        let state = subject.state
        let freshness = state.freshness(maxAge: scenario.maxAge, at: world.clock.now)
        guard let made = state.reading?.value.made else {
            return require(freshness == .never, "\(freshness) without a value")
        }
        let age = made.duration(to: world.clock.now)
        let healthy = account.withLock(\.failures) == 0
        let expected: Freshness = healthy ? .fresh : age > scenario.maxAge ? .expired : .held
        require(freshness == expected, "\(freshness), not \(expected), at the age of \(age)")
    }

    private func request(from subject: Subject, after delay: Duration, patience: Duration) async {
        await world.sleep(delay)
        let asked = world.clock.now
        let deadline = asked.advanced(by: patience)
        account.withLock { $0.requested = true }
        do throws(RefreshRequestError) {
            let state = try await subject.refreshNow(deadline: deadline)
            require(state.lastAttempt.map { $0.started >= asked } == true, "answered with an attempt from before")
            require(world.clock.before <= deadline, "answered after the deadline")
        } catch {
            switch error {
            case .deadlineExceeded: require(world.clock.now >= deadline, "gave up before the deadline")
            case .cancelled, .stopped: require(account.withLock(\.ended), "\(error) before the end")
            }
        }
    }
}
