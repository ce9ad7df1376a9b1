import Synchronization

/// What all connections of a server keep of requests that are incomplete or whose turn has not come, against its limit.
final class PendingBudget: Sendable {
    private let limit: Int
    private let sum = Atomic<Int>(0)

    init(_ limit: ByteCount) {
        self.limit = limit.bytes
    }

    var used: Int { sum.load(ordering: .relaxed) }

    /// - Returns: false when that is too much. It is charged all the same, until whoever asked has let go of it.
    func charge(_ change: Int) -> Bool {
        let total = sum.wrappingAdd(change, ordering: .relaxed).newValue
        return change <= 0 || total <= limit
    }

    /// The same for what can be done without: it leaves half of the limit to what cannot.
    ///
    /// - Returns: false when there is no room for it. Nothing is charged then.
    func chargeSpare(_ bytes: Int) -> Bool {
        if sum.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit / 2 { return true }
        sum.wrappingSubtract(bytes, ordering: .relaxed)
        return false
    }
}

extension Connection {
    /// Charges what is kept now to the server's budget; false when it has no room for it. While nothing is kept before and
    /// after, which is so for every request that comes whole and alone, this is one comparison.
    func chargePending() -> Bool {
        if backlog == nil, charged == 0 { return true }
        return chargePending(and: 0)
    }

    /// - Parameter more: what the reader of a body keeps.
    @inline(never)
    func chargePending(and more: Int) -> Bool {
        if let backlog, backlog.isEmpty { self.backlog = nil }
        let kept = (backlog?.heldBytes ?? 0) + more
        defer { charged = kept }
        return kept == charged || context.budget.charge(kept - charged)
    }

    /// Forgets what has been received: it will not be answered.
    func releasePending() {
        backlog = nil
        body = nil
        _ = chargePending()
    }
}
