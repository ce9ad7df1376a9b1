import Synchronization

/// The loops of a program, by number. The first runs on the thread that called `withEventLoops`.
public struct EventLoopGroup: Sendable {
    /// All of them, to be handed to an `HTTPServer`.
    public let loops: [EventLoop]

    /// The one whose task `body` is.
    public var first: EventLoop { loops[0] }
}

/// Runs `body` as a task on the first of `count` loops, and returns what it returns.
///
/// The calling thread becomes the first loop, each other loop gets a thread of its own; when this returns they have been
/// joined and every descriptor of theirs is closed. So a program that does its work in `body` has exactly `count` threads,
/// and nothing of it ever runs on Swift's global pool.
///
/// `signals` are held back while it runs, from every thread, for a `SignalSource` to take.
/// Broken pipes are ignored from here on, as every program with sockets wants.
public func withEventLoops<Result: Sendable>(
    count: Int = 1,
    limits: EventLoopLimits = EventLoopLimits(),
    signals: [Signal] = [],
    _ body: @escaping @Sendable (EventLoopGroup) async throws -> Result
) throws -> Result {
    precondition(count > 0, "a program needs at least one loop")
    ignoreBrokenPipes()
    let mask = SignalMask(blocking: signals)
    defer { mask.restore() }
    let group = EventLoopGroup(loops: try (0..<count).map { _ in try EventLoop(limits: limits) })
    let outcome = Outcome<Result>()
    var threads: [Thread.Joinable] = []
    defer {
        for loop in group.loops.dropFirst().prefix(threads.count) { loop.stop() }
        for thread in threads { thread.join() }
    }
    for loop in group.loops.dropFirst() { threads.append(try Thread.start { loop.run() }) }
    Task(executorPreference: group.first.taskExecutor) {
        do {
            outcome.set(.success(try await body(group)))
        } catch {
            outcome.set(.failure(error))
        }
        group.first.stop()
    }
    group.first.run()
    return try outcome.get()
}

/// What a task leaves for the thread that runs its loop.
private final class Outcome<Value: Sendable>: Sendable {
    private let value = Mutex<Result<Value, any Error>?>(nil)

    func set(_ result: Result<Value, any Error>) {
        value.withLock { $0 = result }
    }

    func get() throws -> Value {
        guard let result = value.withLock({ $0 }) else {
            // Out of a peer's reach: the first loop is stopped in one place, behind the `set` of its task.
            preconditionFailure("a loop stopped before its task was over")
        }
        return try result.get()
    }
}
