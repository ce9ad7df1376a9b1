import Synchronization
import Testing

/// A task executor that runs its jobs on the thread that drains it, one after the other, in order.
final class DrainedExecutor: TaskExecutor {
    private let jobs = Mutex<[@Sendable () -> Void]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        enqueue { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    func enqueue(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
    }

    func drain() {
        while true {
            let batch = jobs.withLock { jobs in
                defer { jobs.removeAll(keepingCapacity: true) }
                return jobs
            }
            guard !batch.isEmpty else { return }
            for job in batch { job() }
        }
    }
}

/// A serial executor of the same thread, for an actor that lives there. It knows when a job of its actor runs.
final class DrainedActorExecutor: SerialExecutor {
    private let executor: DrainedExecutor
    private let isRunning = Atomic(false)

    init(_ executor: DrainedExecutor) { self.executor = executor }

    var runsNow: Bool { isRunning.load(ordering: .relaxed) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        executor.enqueue { [self] in
            isRunning.store(true, ordering: .relaxed)
            unsafe job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(),
                taskExecutor: executor.asUnownedTaskExecutor()
            )
            isRunning.store(false, ordering: .relaxed)
        }
    }
}

/// Tasks on a virtual clock in one thread: the same program runs in the same order every time, in no time.
final class World: Sendable {
    let clock = VirtualClock()
    let executor = DrainedExecutor()
    private let finished = Atomic(false)

    /// Runs the body to its end. Whenever nothing can go on, time moves to the next sleeper, plus what `jump` says.
    /// A body that waits for something that will never come is an issue.
    func run(jump: () -> Duration = { .zero }, _ body: @escaping @Sendable () async -> Void) {
        finished.store(false, ordering: .relaxed)
        Task(executorPreference: executor) {
            await body()
            self.finished.store(true, ordering: .relaxed)
        }
        repeat { executor.drain() } while !finished.load(ordering: .relaxed) && clock.advance(jump: jump())
        if !finished.load(ordering: .relaxed) { Issue.record("nothing can go on at \(clock.now)") }
    }
}

/// Splitmix64: small, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
