import Synchronization

/// A thread for what blocks: a password to hash, a database, a pipe that nobody reads. A loop hands work over and goes on; the
/// task that asked is resumed where it was.
///
/// The queue is bounded: a full one is an answer, not a wait. The thread is started with the first piece of work. What can hang
/// has a thread of its own, so that it holds up nothing else.
public final class WorkThread: Sendable {
    /// Why a piece of work was not taken.
    public enum Refusal: Error, Sendable, Hashable {
        /// As much waits as may.
        case full
        /// The thread has been told to stop.
        case stopped
        /// The system has no thread or descriptor for it.
        case unavailable
    }

    /// How much of the processor the thread gets while others want it.
    public enum Priority: Sendable, Hashable {
        /// As much as the loops.
        case usual
        /// A tenth of that: for work that computes.
        case low
    }

    private struct Core: Sendable {
        var waiting: [any Job] = []
        var turnstile: Turnstile?
        var isStopping = false
    }

    /// What the thread waits at, and by what it is known. It keeps this, but not its owner.
    private final class Turnstile: Sendable {
        let semaphore: Semaphore
        let thread = ThreadIdentityCell()
        init() throws(SystemError) { semaphore = try Semaphore() }
    }

    private let capacity: Int
    private let priority: Priority
    private let core = Mutex(Core())
    /// Locked while somebody waits for the thread's end, so that all who come meanwhile wait for it, too.
    private let thread = Mutex<Thread.Joinable?>(nil)

    /// - Parameter capacity: how many pieces of work may wait, besides the one that is being done.
    public init(capacity: Int, priority: Priority = .usual) {
        self.capacity = max(1, capacity)
        self.priority = priority
    }

    /// Does the work on the thread, after what was handed over before, and returns what it returns.
    ///
    /// A task that is cancelled is resumed at once. Work that still waits is then never started and gives its place away; work
    /// that is being done is done to its end, and what it returns is thrown away.
    ///
    /// - Throws: what the work throws, a `Refusal` at once, or `CancellationError`.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let errand = Errand(work)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard errand.begin(continuation) else { return }
                do throws(Refusal) {
                    try enqueue(errand)
                } catch {
                    errand.end(with: .failure(error))
                }
            }
        } onCancel: {
            errand.end(with: .failure(CancellationError()))
            withdraw(errand)
        }
    }

    /// Hands over work that tells its end by itself: one piece of it may serve many who wait.
    package func submit(_ work: @escaping @Sendable () -> Void) throws(Refusal) {
        try enqueue(Chore(work))
    }

    /// Takes no more work, does what waits, and returns when the thread has ended, to all who call it. To be called off the
    /// loops.
    ///
    /// Work that calls this cannot wait for its own end: for it, it returns at once, and the thread ends after what waits.
    public func stop() {
        let turnstile = core.withLock { core in
            core.isStopping = true
            return core.turnstile
        }
        guard let turnstile else { return }
        turnstile.semaphore.signal()
        if turnstile.thread.isCurrent { return }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    deinit {
        // Nobody waits any more, for whoever does holds this; the thread ends by itself.
        core.withLock { core in
            core.isStopping = true
            core.turnstile?.semaphore.signal()
        }
        thread.withLock { $0?.detach() }
    }

    private func enqueue(_ job: any Job) throws(Refusal) {
        let refusal: Refusal? = core.withLock { core in
            if core.isStopping { return .stopped }
            guard core.waiting.count < capacity else { return .full }
            if core.turnstile == nil, !start(&core) { return .unavailable }
            // Cancelled meanwhile: nobody would take it back.
            if job.isOver { return nil }
            core.waiting.append(job)
            core.turnstile?.semaphore.signal()
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Its signal stays: the thread looks once for nothing.
    private func withdraw(_ job: any Job) {
        core.withLock { core in core.waiting.removeAll { $0 === job } }
    }

    private func start(_ core: inout Core) -> Bool {
        do throws(SystemError) {
            let turnstile = try Turnstile()
            let started = try Thread.start { [weak self, priority] in
                if priority == .low { Thread.yieldToOthers() }
                Self.work(turnstile, for: self)
            }
            core.turnstile = turnstile
            thread.withLock { $0 = started }
            return true
        } catch {
            return false
        }
    }

    private static func work(_ turnstile: Turnstile, for owner: @autoclosure () -> WorkThread?) {
        turnstile.thread.claim()
        defer { turnstile.thread.disown() }
        while true {
            turnstile.semaphore.wait()
            guard let owner = owner() else { return }
            let (job, isOver): ((any Job)?, Bool) = owner.core.withLock { core in
                let job = core.waiting.isEmpty ? nil : core.waiting.removeFirst()
                return (job, job == nil && core.isStopping)
            }
            job?.perform()
            if isOver { return }
        }
    }
}

/// A piece of work, whatever it returns.
private protocol Job: AnyObject, Sendable {
    /// Nobody waits for it.
    var isOver: Bool { get }
    func perform()
}

/// A piece of work that nobody waits for here.
private final class Chore: Job {
    private let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    var isOver: Bool { false }

    func perform() { work() }
}

/// A piece of work and the task that waits for it, which is resumed once: by what the work returns, or because it is cancelled.
private final class Errand<Value: Sendable>: Job {
    private struct State {
        var continuation: CheckedContinuation<Value, any Error>?
        var isOver = false
    }

    private let work: @Sendable () throws -> Value
    private let state = Mutex(State())

    init(_ work: @escaping @Sendable () throws -> Value) {
        self.work = work
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// False when it was cancelled before it began; the task has been resumed then.
    func begin(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isOver = state.withLock { state in
            if !state.isOver { state.continuation = continuation }
            return state.isOver
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
        return !isOver
    }

    func end(with result: Result<Value, any Error>) {
        let continuation = state.withLock { state in
            defer {
                state.continuation = nil
                state.isOver = true
            }
            return state.continuation
        }
        continuation?.resume(with: result)
    }

    func perform() {
        if isOver { return }
        end(with: Result(catching: work))
    }
}
