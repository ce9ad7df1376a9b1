import Synchronization

/// Something that one task waits for and any thread may ring.
///
/// A ring that comes before the wait is kept, and cancelling the waiting task rings: a wait cannot be missed or leak.
package final class Bell: Sendable {
    private enum Phase {
        case silent
        case awaited(CheckedContinuation<Void, Never>)
        case rung
    }

    private let phase = Mutex(Phase.silent)

    package init() {}

    package func ring() {
        let waiting: CheckedContinuation<Void, Never>? = phase.withLock { phase in
            defer { phase = .rung }
            guard case .awaited(let continuation) = phase else { return nil }
            return continuation
        }
        waiting?.resume()
    }

    /// Returns once the bell has been rung or the task has been cancelled. At most one task waits for a bell.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let alreadyRung = phase.withLock { phase in
                    guard case .silent = phase else { return true }
                    phase = .awaited(continuation)
                    return false
                }
                if alreadyRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}

extension Bell {
    /// Returns when the bell has been rung, when the instant has come or when the task has been cancelled.
    package func wait<Time: Clock>(until deadline: Time.Instant, clock: Time) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(until: deadline, tolerance: nil) }
            await group.next()
            group.cancelAll()
        }
    }
}
