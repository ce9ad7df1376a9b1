import Synchronization

/// The monotonic clock, whose sleepers are deadlines of a loop: sleeping takes no thread and no timer descriptor.
public struct EventLoopClock: Clock, Sendable {
    /// Nanoseconds of CLOCK_MONOTONIC, which stands still while the machine is suspended.
    public typealias Instant = MonotonicInstant

    private let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// The present moment, read anew each time.
    public var now: MonotonicInstant { .now }

    /// epoll counts in milliseconds.
    public var minimumResolution: Duration { .milliseconds(1) }

    /// May be called from anywhere. Throws `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: MonotonicInstant, tolerance: Duration? = nil) async throws {
        let (loop, sleeper) = (loop, Sleeper(on: loop))
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard sleeper.begin(continuation) else { return }
                loop.execute {
                    // Cancelled between the two lines above: nothing would ever take it out of the queue again.
                    guard !sleeper.isOver else { return }
                    sleeper.alarm.value.sleeper = sleeper
                    loop.state.setDeadline(of: sleeper.alarm.value, to: deadline)
                }
            }
        } onCancel: {
            guard sleeper.end(with: .failure(CancellationError())) else { return }
            loop.execute {
                sleeper.alarm.value.sleeper = nil
                loop.state.removeDeadline(of: sleeper.alarm.value)
            }
        }
    }
}

/// The place of a sleeper in its loop's queue.
private final class Alarm: Deadline {
    /// Only while it is in the queue.
    var sleeper: Sleeper?

    override func reached() {
        _ = sleeper?.end(with: .success(()))
        sleeper = nil
    }
}

/// One sleep: it ends once, by its alarm or by cancellation, whichever thread that comes from.
private final class Sleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, any Error>?
        var isOver = false
    }

    let alarm: ThreadBound<Alarm>
    private let state = Mutex(State())

    init(on loop: EventLoop) {
        alarm = loop.bind(Alarm())
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// False when the sleep was cancelled before it began; the continuation has been resumed then.
    func begin(_ continuation: CheckedContinuation<Void, any Error>) -> Bool {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
        return !isOver
    }

    /// True for the one call that ended it.
    func end(with result: Result<Void, any Error>) -> Bool {
        let (continuation, ended) = state.withLock { state in
            defer {
                state.continuation = nil
                state.isOver = true
            }
            return (state.continuation, !state.isOver)
        }
        continuation?.resume(with: result)
        return ended
    }
}
