import Synchronization

/// How many requests may still be sent, by all workers together.
final class RequestBudget: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) {
        left = Atomic(count)
    }

    /// False when there is none left.
    func take() -> Bool {
        // It goes below 0 by one for each connection at the most.
        left.subtract(1, ordering: .relaxed).newValue >= 0
    }

    var isSpent: Bool { left.load(ordering: .relaxed) <= 0 }
}
