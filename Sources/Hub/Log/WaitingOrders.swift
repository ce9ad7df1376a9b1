import AsyncHTTP
import Synchronization

/// An order of the writer's, and what has become of it.
final class WaitingOrder: Sendable {
    let order: LogWriter.Order
    let size: Int
    private let outcome = Mutex<Result<Appended?, LogError>?>(nil)

    init(_ order: LogWriter.Order) {
        self.order = order
        size = if case .append(let report) = order { report.size } else { 0 }
    }

    func end(_ result: Result<Appended?, LogError>) {
        outcome.withLock { $0 = result }
    }

    /// Nil while nobody has looked at it.
    var result: Result<Appended?, LogError>? { outcome.withLock { $0 } }
}

/// What waits for the disk: everything that comes during a commit is the next one.
final class WaitingOrders: Sendable {
    private struct Core {
        var waiting: [WaitingOrder] = []
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

    /// - Returns: false when as much waits as may. A single order of any size is always taken.
    func add(_ order: WaitingOrder) -> Bool {
        core.withLock { core in
            guard core.count < limits.waitingReports else { return false }
            guard core.count == 0 || core.size + order.size <= limits.waitingSize.bytes else { return false }
            core.waiting.append(order)
            core.count += 1
            core.size += order.size
            return true
        }
    }

    /// All that wait. They count until they are finished.
    func takeAll() -> [WaitingOrder] {
        core.withLock { core in
            defer { core.waiting = [] }
            return core.waiting
        }
    }

    func finish(_ orders: [WaitingOrder]) {
        core.withLock { core in
            core.count -= orders.count
            core.size -= orders.reduce(0) { $0 + $1.size }
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
