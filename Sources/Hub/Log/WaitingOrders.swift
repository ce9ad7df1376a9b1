import AsyncHTTP
import Synchronization

/// An order of the writer's and the task that waits for it, which is resumed once: by what has become of the order, or because it
/// is cancelled.
final class WaitingOrder: Sendable {
    typealias Outcome = Result<Appended?, LogError>

    private enum State {
        case new
        case waiting(CheckedContinuation<Outcome, Never>)
        case over(Outcome)
    }

    let order: LogWriter.Order
    let size: Int
    let since: MonotonicInstant
    private let state = Mutex(State.new)

    init(_ order: LogWriter.Order, at now: MonotonicInstant) {
        self.order = order
        since = now
        size = if case .append(let report) = order { report.size } else { 0 }
    }

    /// - Returns: false when it was cancelled before it began; the task has been resumed then.
    func begin(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        let outcome: Outcome? = state.withLock { state in
            if case .over(let outcome) = state { return outcome }
            state = .waiting(continuation)
            return nil
        }
        guard let outcome else { return true }
        continuation.resume(returning: outcome)
        return false
    }

    func end(_ outcome: Outcome) {
        let continuation: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            defer { state = .over(outcome) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: outcome)
    }
}

/// What waits for the disk: everything that comes during a commit is the next one.
final class WaitingOrders: Sendable {
    enum Admission {
        /// Nobody else waits: whoever added it sees to it that all are taken.
        case first
        case added
        /// As much waits as may.
        case refused
    }

    private struct Core {
        var waiting: [WaitingOrder] = []
        var taken: [WaitingOrder] = []
        /// Of those that wait and those that are being written.
        var count = 0
        var size = 0
    }

    private let limits: LogLimits
    private let core = Mutex(Core())

    init(_ limits: LogLimits) {
        self.limits = limits
    }

    var count: Int { core.withLock { $0.count } }

    /// A single order of any size is always taken.
    func add(_ order: WaitingOrder) -> Admission {
        core.withLock { core in
            guard core.count < limits.waitingReports else { return .refused }
            guard core.count == 0 || core.size + order.size <= limits.waitingSize.bytes else { return .refused }
            core.waiting.append(order)
            core.count += 1
            core.size += order.size
            return core.waiting.count == 1 ? .first : .added
        }
    }

    /// All that wait. They count until they are finished.
    func takeAll() -> [WaitingOrder] {
        core.withLock { core in
            core.taken = core.waiting
            core.waiting = []
            return core.taken
        }
    }

    func finish(_ orders: [WaitingOrder]) {
        core.withLock { core in
            core.taken = []
            core.count -= orders.count
            core.size -= orders.reduce(0) { $0 + $1.size }
        }
    }

    /// Those that have come before a moment. They give up their places where they have not been taken.
    func overdue(since moment: MonotonicInstant) -> [WaitingOrder] {
        core.withLock { core in
            let waiting = core.waiting.filter { $0.since < moment }
            guard !waiting.isEmpty || !core.taken.isEmpty else { return [] }
            core.waiting.removeAll { $0.since < moment }
            core.count -= waiting.count
            core.size -= waiting.reduce(0) { $0 + $1.size }
            return core.taken.filter { $0.since < moment } + waiting
        }
    }

    /// Gives up the place of an order that nobody has taken yet.
    func withdraw(_ order: WaitingOrder) {
        core.withLock { core in
            guard let index = core.waiting.firstIndex(where: { $0 === order }) else { return }
            core.waiting.remove(at: index)
            core.count -= 1
            core.size -= order.size
        }
    }
}
