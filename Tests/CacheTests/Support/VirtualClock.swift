import Synchronization

/// A clock that stands still until it is moved. Sleepers wake in the order of their deadlines.
final class VirtualClock: Clock, Sendable {
    struct Instant: InstantProtocol, CustomStringConvertible {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
        var description: String { "\(offset)" }
    }

    private struct Sleeper {
        let identifier: UInt64
        let deadline: Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Core {
        var now = Instant(offset: .zero)
        var before = Instant(offset: .zero)
        var sleepers: [Sleeper] = []
        var nextIdentifier: UInt64 = 0
    }

    private let core = Mutex(Core())

    var now: Instant { core.withLock(\.now) }
    /// What time it was before the clock was moved last: nothing has happened between the two.
    var before: Instant { core.withLock(\.before) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        guard await sleep(until: deadline, cancellable: true) else { throw CancellationError() }
    }

    /// Sleeps on when the task is cancelled, like code that never looks.
    func sleepStubbornly(until deadline: Instant) async {
        _ = await sleep(until: deadline, cancellable: false)
    }

    private func sleep(until deadline: Instant, cancellable: Bool) async -> Bool {
        let identifier = core.withLock { core in
            core.nextIdentifier += 1
            return core.nextIdentifier
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = core.withLock { core in
                    if cancellable, Task.isCancelled { return false }
                    if deadline <= core.now { return true }
                    let sleeper = Sleeper(identifier: identifier, deadline: deadline, continuation: continuation)
                    let place = core.sleepers.firstIndex { $0.deadline > deadline } ?? core.sleepers.endIndex
                    core.sleepers.insert(sleeper, at: place)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            guard cancellable else { return }
            let sleeper: Sleeper? = core.withLock { core in
                guard let index = core.sleepers.firstIndex(where: { $0.identifier == identifier }) else { return nil }
                return core.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
    }

    /// Moves to the next sleeper's deadline, and `jump` past it; wakes everyone who is due. False if nobody sleeps.
    func advance(jump: Duration = .zero) -> Bool {
        let due: [Sleeper] = core.withLock { core in
            guard let first = core.sleepers.first else { return [] }
            core.before = core.now
            core.now = max(core.now, first.deadline).advanced(by: jump)
            let due = core.sleepers.prefix { $0.deadline <= core.now }
            core.sleepers.removeFirst(due.count)
            return Array(due)
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
        return !due.isEmpty
    }
}
