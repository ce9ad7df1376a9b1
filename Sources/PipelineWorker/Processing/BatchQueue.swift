import Synchronization

/// Batches that wait to be processed, so many at most. Any thread adds, and whoever processes takes the oldest.
final class BatchQueue: Sendable {
    /// Why a batch finds no place.
    enum Refusal: Error, Hashable {
        case full
        /// The program ends, and finishes what it has.
        case ending
    }

    private struct Core: Sendable {
        var batches: [Batch] = []
        /// Those before it have been taken.
        var first = 0
        var takers: [CheckedContinuation<Batch?, Never>] = []
        var isEnding = false

        var count: Int { batches.count - first }

        mutating func removeFirst() -> Batch? {
            guard first < batches.count else { return nil }
            let batch = batches[first]
            first += 1
            // So that taken ones are given up in time, and moved seldom.
            if first == batches.count || first >= 1024 && first > batches.count / 2 {
                batches.removeFirst(first)
                first = 0
            }
            return batch
        }
    }

    private let capacity: Int
    private let core = Mutex(Core())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many wait.
    var count: Int { core.withLock(\.count) }

    func add(_ batch: Batch) throws(Refusal) {
        let taker = try core.withLock { core throws(Refusal) -> CheckedContinuation<Batch?, Never>? in
            if core.isEnding { throw .ending }
            if let taker = core.takers.popLast() { return taker }
            guard core.count < capacity else { throw .full }
            core.batches.append(batch)
            return nil
        }
        taker?.resume(returning: batch)
    }

    /// The next, as soon as there is one; nil when the last has been taken and no more come.
    func next() async -> Batch? {
        await withCheckedContinuation { taker in
            let (batch, waits) = core.withLock { core -> (Batch?, Bool) in
                if let batch = core.removeFirst() { return (batch, false) }
                if core.isEnding { return (nil, false) }
                core.takers.append(taker)
                return (nil, true)
            }
            if !waits { taker.resume(returning: batch) }
        }
    }

    /// From now on nothing is added.
    func end() {
        let takers = core.withLock { core in
            core.isEnding = true
            defer { core.takers = [] }
            return core.takers
        }
        for taker in takers { taker.resume(returning: nil) }
    }

    var isEnding: Bool { core.withLock(\.isEnding) }
}
