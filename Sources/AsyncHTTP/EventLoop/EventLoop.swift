/// One thread that waits on epoll and runs, between waits, the jobs of the actors and tasks that live on it.
///
/// An actor is pinned to a loop by its `unownedExecutor`, a root task by starting it with the loop's task executor as
/// preference. Both are needed: with the first alone, every continuation would resume on Swift's global pool and hop back.
///
/// Safe although it holds an unowned executor: the executor is in the next field but one.
@safe public final class EventLoop: Sendable {
    /// For the `unownedExecutor` of an actor that lives here. The actor keeps the loop, which keeps the executor.
    public let unownedExecutor: UnownedSerialExecutor
    /// For `Task(executorPreference:)` and `addTask(executorPreference:)`.
    public var taskExecutor: any TaskExecutor { preferredExecutor }

    /// For an actor that is handed the executor it is to live on, and knows nothing of loops. It is the one behind
    /// `unownedExecutor`.
    public var serialExecutor: any SerialExecutor { isolatedExecutor }

    /// Those of one loop: its epoll instance and what wakes it.
    static let descriptors = 2

    private let core: LoopCore
    private let isolatedExecutor: LoopSerialExecutor
    private let preferredExecutor: LoopTaskExecutor

    init(limits: EventLoopLimits) throws(SystemError) {
        core = try LoopCore(limits: limits)
        isolatedExecutor = LoopSerialExecutor(core: core)
        preferredExecutor = LoopTaskExecutor(core: core)
        unsafe unownedExecutor = isolatedExecutor.asUnownedSerialExecutor()
    }

    /// Whether the calling thread is this loop's.
    public var isCurrent: Bool { core.thread.isCurrent }

    /// A clock whose sleepers wait on this loop.
    public var clock: EventLoopClock { EventLoopClock(loop: self) }

    /// The loop's own state. Traps on every other thread.
    package var state: LoopState { core.state.value }

    /// Makes something the loop's own, which then only its thread can open.
    package func bind<Value>(_ value: sending Value) -> ThreadBound<Value> {
        ThreadBound(value, owner: core.thread)
    }

    /// Runs `body` on the loop: at once when called from it, otherwise in its next tick.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        if isCurrent { return body() }
        core.inbox.post(.call(body))
    }

    /// Serves until `stop`, on the calling thread.
    func run() {
        core.thread.claim()
        defer {
            state.abandon()
            core.inbox.close()
            core.thread.disown()
        }
        let (serial, preferred) = unsafe (unownedExecutor, preferredExecutor.asUnownedTaskExecutor())
        state.run(inbox: core.inbox) { job in
            // The right pair for each kind: with the wrong one the runtime would enqueue the job again, for ever.
            if job.isIsolated {
                unsafe job.job.runSynchronously(isolatedTo: serial, taskExecutor: preferred)
            } else {
                unsafe job.job.runSynchronously(on: preferred)
            }
        }
    }

    func stop() {
        core.inbox.post(.stop)
    }
}

/// What a loop and its two executors share.
final class LoopCore: Sendable {
    let thread = ThreadIdentityCell()
    let inbox: Inbox
    let state: ThreadBound<LoopState>

    init(limits: EventLoopLimits) throws(SystemError) {
        inbox = try Inbox()
        state = ThreadBound(try LoopState(limits: limits, inbox: inbox.descriptor), owner: thread)
    }

    func enqueue(_ job: LoopJob) {
        if thread.isCurrent {
            state.value.enqueue(job)
        } else {
            inbox.post(.job(job))
        }
    }
}
