import TestExposition
import Testing

@testable import Hub

@Suite("What is due first")
struct ExpiryHeapTests {
    @Test("nothing is forgotten before its time, and everything at it", arguments: UInt64(0)..<8)
    func againstNaive(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var heap = ExpiryHeap()
        var deadlines: [Int32: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<2000 {
            let number = Int32.random(in: 0..<60, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                heap.remove(number)
                deadlines[number] = nil
            case 1...6:
                let deadline = now + Int64.random(in: 1...500, using: &generator)
                deadlines[number] = deadline
                heap.schedule(number, at: deadline)
            default: now += Int64.random(in: 0...60, using: &generator)
            }
            var expired: Set<Int32> = []
            while let first = heap.first(at: now) {
                let deadline = deadlines[first] ?? .min
                if deadline > now {
                    heap.postpone(to: deadline)
                } else {
                    heap.remove(first)
                    expired.insert(first)
                }
            }
            #expect(expired == Set(deadlines.filter { $0.value <= now }.keys))
            deadlines = deadlines.filter { $0.value > now }
            #expect(heap.count == deadlines.count)
        }
    }
}
