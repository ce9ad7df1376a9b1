package import AsyncHTTP
import Synchronization

/// A monotonic clock that stands still until a test moves it.
package final class ManualClock: Clock, Sendable {
    package typealias Instant = MonotonicInstant

    /// Where its time begins.
    package static let beginning = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    private struct Sleeper {
        let identifier: UInt64
        let deadline: MonotonicInstant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Core {
        var now = ManualClock.beginning
        var sleepers: [Sleeper] = []
        var next: UInt64 = 0
    }

    private let core = Mutex(Core())

    package init() {}

    package var now: MonotonicInstant { core.withLock(\.now) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: MonotonicInstant, tolerance: Duration?) async throws {
        let identifier = core.withLock { core in
            core.next += 1
            return core.next
        }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = core.withLock { core in
                    if Task.isCancelled { return false }
                    if deadline <= core.now { return true }
                    core.sleepers.append(
                        Sleeper(identifier: identifier, deadline: deadline, continuation: continuation)
                    )
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let sleeper: Sleeper? = core.withLock { core in
                guard let index = core.sleepers.firstIndex(where: { $0.identifier == identifier }) else { return nil }
                return core.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !isDue { throw CancellationError() }
    }

    /// Moves on by a duration, a deadline at a time, so that each sleeper acts in its own moment. To be called where everybody
    /// lives who is to act: on one loop.
    package func advance(by duration: Duration) async {
        let end = now.advanced(by: duration)
        await settle()
        while let next = core.withLock({ $0.sleepers.map(\.deadline).min() }), next <= end {
            step(to: next)
            await settle()
        }
        step(to: end)
        await settle()
    }

    /// Lets everybody else act until nobody does: their jobs come before ours, again and again.
    private func settle() async {
        var (quiet, last) = (0, UInt64(0))
        while quiet < Self.quietTurns {
            await Task.yield()
            let next = core.withLock { $0.next &+ UInt64($0.sleepers.count) &<< 32 }
            quiet = next == last ? quiet + 1 : 0
            last = next
        }
    }

    private static let quietTurns = 40

    private func step(to instant: MonotonicInstant) {
        let due: [Sleeper] = core.withLock { core in
            core.now = max(core.now, instant)
            let due = core.sleepers.filter { $0.deadline <= core.now }
            core.sleepers.removeAll { $0.deadline <= core.now }
            return due.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }
}
