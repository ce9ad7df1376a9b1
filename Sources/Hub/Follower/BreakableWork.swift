import AsyncHTTP

/// A thread for what blocks in a database's library, one call after the other; each ends in time, and when nobody waits any more.
final class BreakableWork<Time: Clock>: Sendable where Time.Duration == Duration {
    /// Told what is to be broken off, by what is done here.
    let interruption = Interruption()
    private let thread = WorkThread(capacity: 4)
    private let clock: Time
    private let deadline: Duration

    init(deadline: Duration, clock: Time) {
        self.deadline = deadline
        self.clock = clock
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        interruption.begin()
        return try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Value?.self) { [thread, clock, deadline, interruption] group in
                group.addTask { try await thread.run(body) }
                group.addTask {
                    try? await clock.sleep(for: deadline)
                    if !Task.isCancelled { interruption.breakOff() }
                    return nil
                }
                defer { group.cancelAll() }
                while let next = try await group.next() {
                    if let value = next { return value }
                }
                throw CancellationError()
            }
        } onCancel: {
            interruption.breakOff()
        }
    }

    /// Ends the thread. To be called off the loops.
    func close() {
        interruption.breakOff()
        thread.stop()
    }
}
