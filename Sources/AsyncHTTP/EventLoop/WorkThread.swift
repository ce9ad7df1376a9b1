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

    private struct Core: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var semaphore: Turnstile?
        var thread: Thread.Joinable?
        var isStopping = false
    }

    private final class Turnstile: Sendable {
        let semaphore: Semaphore
        init() throws(SystemError) { semaphore = try Semaphore() }
    }

    private let capacity: Int
    private let core = Mutex(Core())

    /// - Parameter capacity: how many pieces of work may wait, besides the one that is being done.
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Does the work on the thread, after what was handed over before, and returns what it returns.
    ///
    /// - Throws: what the work throws, or a `Refusal` at once.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do throws(Refusal) {
                try enqueue { continuation.resume(with: Result(catching: work)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Takes no more work, does what waits, and returns when the thread has ended. To be called off the loops.
    public func stop() {
        let (semaphore, thread) = core.withLock { core in
            core.isStopping = true
            defer { core.thread = nil }
            return (core.semaphore, core.thread)
        }
        semaphore?.semaphore.signal()
        thread?.join()
    }

    deinit {
        // Nobody waits any more, for whoever does holds this; the thread ends by itself.
        core.withLock { core in
            core.isStopping = true
            core.semaphore?.semaphore.signal()
            core.thread?.detach()
        }
    }

    private func enqueue(_ job: @escaping @Sendable () -> Void) throws(Refusal) {
        let refusal: Refusal? = core.withLock { core in
            if core.isStopping { return .stopped }
            guard core.waiting.count < capacity else { return .full }
            if core.thread == nil, !start(&core) { return .unavailable }
            core.waiting.append(job)
            core.semaphore?.semaphore.signal()
            return nil
        }
        if let refusal { throw refusal }
    }

    private func start(_ core: inout Core) -> Bool {
        do throws(SystemError) {
            let turnstile = try Turnstile()
            core.semaphore = turnstile
            core.thread = try Thread.start { [weak self] in Self.work(turnstile, for: self) }
            return true
        } catch {
            return false
        }
    }

    private static func work(_ turnstile: Turnstile, for owner: @autoclosure () -> WorkThread?) {
        while true {
            turnstile.semaphore.wait()
            guard let owner = owner() else { return }
            let (job, isOver): ((@Sendable () -> Void)?, Bool) = owner.core.withLock { core in
                let job = core.waiting.isEmpty ? nil : core.waiting.removeFirst()
                return (job, job == nil && core.isStopping)
            }
            job?()
            if isOver { return }
        }
    }
}
