import Synchronization

/// Batches that wait to be processed, so many at most. Any thread adds, and whoever processes takes the oldest.
final class BatchQueue: Sendable {
    /// Why a batch finds no place.
    enum Refusal: Error, Hashable {
        case full
        /// The program ends, and finishes what it has.
        case ending
    }

    private typealias Taker = CheckedContinuation<Batch?, Never>

    private struct Core: Sendable {
        var batches: [Batch] = []
        /// Those before it have been taken.
        var first = 0
        var takers: [Taker] = []
        /// Taken, and not done with.
        var underWay = 0
        /// Taken, and to come again.
        var held = 0
        var isEnding = false
        /// Whatever comes again is given up, too.
        var isClosed = false
        var givenUp = 0

        var count: Int { batches.count - first }
        /// Nothing will come any more.
        var isOver: Bool { isClosed || isEnding && count == 0 && held == 0 }

        /// Those who wait for what will never come.
        mutating func takersOfNothing() -> [Taker] {
            guard isOver else { return [] }
            defer { takers = [] }
            return takers
        }

        mutating func removeFirst() -> Batch? {
            guard first < batches.count else { return nil }
            let batch = batches[first]
            first += 1
            underWay += 1
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

    /// How many were taken and are not done with, those that will come again among them.
    var active: Int { core.withLock { $0.underWay + $0.held } }

    /// How many were given up.
    var givenUp: Int { core.withLock(\.givenUp) }

    /// Whether none waits, and all that were taken are done with.
    var isIdle: Bool { core.withLock { $0.count + $0.underWay + $0.held == 0 } }

    func add(_ batch: Batch) throws(Refusal) {
        let taker = try core.withLock { core throws(Refusal) -> Taker? in
            if core.isEnding { throw .ending }
            // One that comes again has its place.
            guard core.count + core.held < capacity else { throw .full }
            if let taker = core.takers.popLast() {
                core.underWay += 1
                return taker
            }
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
                if core.isOver { return (nil, false) }
                core.takers.append(taker)
                return (nil, true)
            }
            if !waits { taker.resume(returning: batch) }
        }
    }

    /// One that was taken is done with.
    func done() { core.withLock { $0.underWay -= 1 } }

    /// One that was taken is given up.
    func giveUp() {
        core.withLock { core in
            core.underWay -= 1
            core.givenUp += 1
        }
    }

    /// One that was taken will be put back.
    func hold() {
        core.withLock { core in
            core.underWay -= 1
            if core.isClosed { core.givenUp += 1 } else { core.held += 1 }
        }
    }

    /// Puts back one that was held. It has a place whatever else waits, and whether the queue ends or not.
    func putBack(_ batch: Batch) {
        let (taker, others) = core.withLock { core -> (Taker?, [Taker]) in
            // All was given up meanwhile.
            guard core.held > 0 else { return (nil, []) }
            core.held -= 1
            let taker = core.takers.popLast()
            if taker == nil { core.batches.append(batch) } else { core.underWay += 1 }
            return (taker, core.takersOfNothing())
        }
        taker?.resume(returning: batch)
        for other in others { other.resume(returning: nil) }
    }

    /// From now on nothing is added.
    func end() {
        let takers = core.withLock { core in
            core.isEnding = true
            return core.takersOfNothing()
        }
        for taker in takers { taker.resume(returning: nil) }
    }

    /// What waits is given up, and nobody waits for anything.
    func close() {
        let takers = core.withLock { core in
            core.givenUp += core.count + core.held
            (core.isEnding, core.isClosed, core.batches, core.first, core.held) = (true, true, [], 0, 0)
            return core.takersOfNothing()
        }
        for taker in takers { taker.resume(returning: nil) }
    }
}
