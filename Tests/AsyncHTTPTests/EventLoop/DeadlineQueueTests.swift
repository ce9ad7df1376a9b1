import Testing

@testable import AsyncHTTP

@Suite("Deadline queue")
struct DeadlineQueueTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        // SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private final class Entry: Deadline {
        let number: Int

        init(_ number: Int) {
            self.number = number
        }
    }

    @Test(
        "whatever is set, moved and removed, each is reached once, at its moment, in order",
        arguments: UInt64(0)..<50
    )
    func againstModel(seed: UInt64) {
        var random = Generator(state: seed)
        let queue = DeadlineQueue()
        let entries = (0..<40).map(Entry.init)
        var model: [Int: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<2000 {
            let entry = entries[Int.random(in: 0..<entries.count, using: &random)]
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let instant = now + Int64.random(in: -5...100, using: &random)
                queue.set(entry, to: MonotonicInstant(nanoseconds: instant))
                model[entry.number] = instant
            case 5..<7:
                queue.remove(entry)
                model[entry.number] = nil
            default:
                now += Int64.random(in: 0...20, using: &random)
                var reached: [Int] = []
                while let deadline = queue.popReached(by: MonotonicInstant(nanoseconds: now)) as? Entry {
                    reached.append(deadline.number)
                }
                let due = model.filter { $0.value <= now }
                #expect(Set(reached) == Set(due.keys))
                #expect(reached.count == due.count)
                for number in reached { model[number] = nil }
            }
            // A moved deadline may be looked at too early, never too late.
            if let soonest = model.values.min() {
                #expect(queue.earliest.map { $0.nanoseconds <= soonest } == true)
            } else {
                #expect(queue.earliest == nil)
            }
        }
    }

    @Test("deadlines of one tick are reached earliest first")
    func order() {
        let queue = DeadlineQueue()
        var random = Generator(state: 7)
        let entries = (0..<100).map(Entry.init).shuffled(using: &random)
        for entry in entries { queue.set(entry, to: MonotonicInstant(nanoseconds: Int64(entry.number))) }
        var reached: [Int] = []
        while let entry = queue.popReached(by: MonotonicInstant(nanoseconds: 99)) as? Entry {
            reached.append(entry.number)
        }
        #expect(reached == Array(0..<100))
    }

    @Test("a hundred thousand that come in no order at all are soon in order")
    func many() {
        let queue = DeadlineQueue()
        var random = Generator(state: 3)
        let entries = (0..<100_000).map(Entry.init).shuffled(using: &random)
        let begun = ContinuousClock.now
        for entry in entries { queue.set(entry, to: MonotonicInstant(nanoseconds: Int64(entry.number))) }
        var next = 0
        while let entry = queue.popReached(by: .distantFuture) as? Entry, entry.number == next { next += 1 }
        #expect(next == entries.count)
        // A search from one end would take minutes here.
        #expect(begun.duration(to: .now) < .seconds(10))
    }

    @Test("moving a deadline to a later moment costs nothing until the earlier one has come")
    func lazily() {
        let queue = DeadlineQueue()
        let entry = Entry(0)
        for moment in 1...10 { queue.set(entry, to: MonotonicInstant(nanoseconds: Int64(moment) * 10)) }
        #expect(queue.earliest == MonotonicInstant(nanoseconds: 10))
        #expect(queue.popReached(by: MonotonicInstant(nanoseconds: 10)) == nil)
        #expect(queue.earliest == MonotonicInstant(nanoseconds: 100))
        #expect(queue.popReached(by: MonotonicInstant(nanoseconds: 100)) === entry)
        #expect(queue.popReached(by: .distantFuture) == nil)
        queue.remove(entry)
        Deadline().reached()
    }
}
