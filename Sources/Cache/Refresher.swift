import Synchronization

/// Keeps a value fresh in the background: fetch, publish, wait, until cancelled.
///
/// There is one fetch in flight, ever. A fetch that overruns its timeout is cancelled and counts as a failure; if it does
/// not let go at once, the failure is published without waiting for it, but the next fetch does wait.
///
/// `run()` runs where its caller runs, on the caller's actor; the fetch and the timer are child tasks, which inherit the
/// caller's task executor. Nothing is started that `run()` does not wait for, so cancelling its task ends everything.
public final class Refresher<
    Value: Sendable,
    Failure: Error & Sendable,
    Time: Clock,
    Generator: RandomNumberGenerator & Sendable
>: Sendable where Time.Duration == Duration {
    /// What is published after each attempt.
    public typealias State = RefreshState<Value, Failure, Time.Instant>
    /// Reads the source once. It is told when it will be cancelled, and is expected to end soon after it is.
    public typealias Fetch = @Sendable (_ deadline: Time.Instant) async throws(Failure) -> Value

    private typealias Outcome = Result<Value, RefreshFailure<Failure>>

    private enum Phase {
        case idle
        case running
        case ended
    }

    private struct Core: Sendable {
        var phase = Phase.idle
        var generator: Generator
        /// How many fetches have begun.
        var begun: UInt64 = 0
        var requests = RefreshRequests<State>()
        /// Rung to end the present wait early.
        var alarm: Bell?
    }

    private let schedule: RefreshSchedule
    private let clock: Time
    private let wallClock: @Sendable () -> Duration
    private let fetch: Fetch
    private let publish: @Sendable (State) -> Void
    private let core: Mutex<Core>
    private let latest = SnapshotCell(State())

    /// - Parameters:
    ///   - wallClock: the time since 1970, kept with each reading to be shown.
    ///   - fetch: reads the source once.
    ///   - publish: called after every attempt, where `run()` runs.
    public init(
        schedule: RefreshSchedule,
        clock: Time,
        generator: Generator,
        wallClock: @escaping @Sendable () -> Duration,
        fetch: @escaping Fetch,
        publish: @escaping @Sendable (State) -> Void = { _ in }
    ) {
        self.schedule = schedule
        self.clock = clock
        self.wallClock = wallClock
        self.fetch = fetch
        self.publish = publish
        core = Mutex(Core(generator: generator))
    }

    /// The state after the latest attempt. Can be read from any thread and never waits for a fetch.
    public var state: State { latest.read() }

    /// Fetches, publishes and waits until the task is cancelled. If it is running already, returns at once.
    public func run() async {
        let started = core.withLock { core in
            guard core.phase != .running else { return false }
            core.phase = .running
            return true
        }
        guard started else { return }
        while !Task.isCancelled {
            guard let state = await attempt(), let finished = state.lastAttempt?.finished else { break }
            await pause(until: finished.advanced(by: state.wait))
        }
        end()
    }

    /// Asks for a fetch now instead of at the end of the present wait, and returns the state after it.
    ///
    /// Any number of callers share one such fetch, each with its own deadline; a caller's deadline does not cancel it.
    /// The fetch is one that began after the call: a fetch already under way may have read what the caller knows is old.
    public func refreshNow(deadline: Time.Instant) async throws(RefreshRequestError) -> State {
        let bell = Bell()
        let (identifier, alarm): (UInt64?, Bell?) = core.withLock { core in
            guard core.phase != .ended else { return (nil, nil) }
            return (core.requests.add(bell, begun: core.begun), core.alarm)
        }
        guard let identifier else { throw .stopped }
        alarm?.ring()
        await bell.wait(until: deadline, clock: clock)
        let (answer, phase) = core.withLock { core in (core.requests.remove(identifier), core.phase) }
        if let answer { return answer }
        if Task.isCancelled { throw .cancelled }
        throw phase == .ended ? .stopped : .deadlineExceeded
    }

    /// One fetch with its deadline. `nil` if the task was cancelled, which is no outcome.
    ///
    /// The isolation is a parameter because the body of a task group stays on the caller's actor only if it captures it.
    private func attempt(isolation: isolated (any Actor)? = #isolation) async -> State? {
        let number = core.withLock { core in
            core.begun &+= 1
            return core.begun
        }
        let started = clock.now
        let deadline = started.advanced(by: schedule.timeout)
        return await withTaskGroup(of: Outcome?.self) { [fetch, clock] group in
            _ = isolation
            group.addTask { await Self.outcome(of: fetch, deadline: deadline) }
            group.addTask {
                do {
                    try await clock.sleep(until: deadline, tolerance: nil)
                    return .failure(.deadlineExceeded)
                } catch {
                    return nil
                }
            }
            var outcome: Outcome?
            while outcome == nil, let next = await group.next() { outcome = next }
            group.cancelAll()
            guard let outcome, !Task.isCancelled else { return nil }
            return conclude(outcome, number: number, started: started)
        }
    }

    private static func outcome(of fetch: Fetch, deadline: Time.Instant) async -> Outcome {
        do throws(Failure) {
            return .success(try await fetch(deadline))
        } catch {
            return .failure(.fetch(error))
        }
    }

    /// Makes the outcome known: first to readers, then to the publisher, last to those who asked for it.
    private func conclude(_ outcome: Outcome, number: UInt64, started: Time.Instant) -> State {
        let finished = clock.now
        let sinceEpoch = wallClock()
        let state = core.withLock { core in
            latest.read().after(outcome, started: started, finished: finished, sinceEpoch: sinceEpoch) { failures in
                guard failures > 0 else { return schedule.interval }
                return schedule.backoff.wait(afterFailures: failures, using: &core.generator)
            }
        }
        latest.publish(state)
        publish(state)
        for bell in core.withLock({ $0.requests.answer(state, attempt: number) }) { bell.ring() }
        return state
    }

    /// Waits for the instant, unless someone wants a fetch now.
    private func pause(until instant: Time.Instant) async {
        let alarm = Bell()
        let wanted = core.withLock { core in
            core.alarm = alarm
            return core.requests.wantsAttempt(after: core.begun)
        }
        if !wanted { await alarm.wait(until: instant, clock: clock) }
        core.withLock { $0.alarm = nil }
    }

    private func end() {
        let bells = core.withLock { core in
            core.phase = .ended
            return core.requests.unanswered()
        }
        for bell in bells { bell.ring() }
    }
}

/// Why `refreshNow` has no state to return.
public enum RefreshRequestError: Error, Sendable, Hashable {
    /// The caller's deadline came before the fetch had finished.
    case deadlineExceeded
    /// The caller's task was cancelled.
    case cancelled
    /// `run()` has ended: nothing will be fetched any more.
    case stopped
}
