/// Runs the jobs of actors on a loop. One type conforming to this and to `TaskExecutor` takes a slow path in the runtime.
final class LoopSerialExecutor: SerialExecutor {
    private let core: LoopCore

    init(core: LoopCore) {
        self.core = core
    }

    func enqueue(_ job: consuming ExecutorJob) {
        core.enqueue(LoopJob(job: UnownedJob(job), isIsolated: true))
    }

    /// Makes `assumeIsolated` legal wherever the loop's thread is, as in an epoll callback, outside of any task.
    func isIsolatingCurrentContext() -> Bool? { core.thread.isCurrent }

    func checkIsolated() {
        precondition(core.thread.isCurrent, "an actor of an event loop was touched from another thread")
    }
}

/// Runs the jobs of tasks that prefer a loop.
final class LoopTaskExecutor: TaskExecutor {
    private let core: LoopCore

    init(core: LoopCore) {
        self.core = core
    }

    func enqueue(_ job: consuming ExecutorJob) {
        core.enqueue(LoopJob(job: UnownedJob(job), isIsolated: false))
    }
}
