import Synchronization

/// A loop on a thread of its own, for a program that has no loops and is not to become one: it serves while the program goes
/// about its work.
public final class BackgroundLoop: Sendable {
    /// Where servers and clients are put. It does nothing until `start`.
    public let loop: EventLoop
    private let thread = Mutex<Thread.Joinable?>(nil)

    /// Makes the loop. No thread is started yet, so what cannot be opened on it is known on the caller's.
    public init(limits: EventLoopLimits = EventLoopLimits()) throws {
        loop = try EventLoop(limits: limits)
    }

    /// Starts the thread, which ends when `body` has. To be called once.
    public func start(_ body: @escaping @Sendable () async -> Void) throws {
        let loop = loop
        let started = try Thread.start {
            Task(executorPreference: loop.taskExecutor) {
                await body()
                loop.stop()
            }
            loop.run()
        }
        thread.withLock { $0 = started }
    }

    /// Waits for the thread's end. Later calls return at once.
    public func join() {
        let joinable = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        joinable?.join()
    }

    deinit {
        thread.withLock { $0 }?.detach()
    }
}
