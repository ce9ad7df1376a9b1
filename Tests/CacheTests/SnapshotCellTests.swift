import Cache
import Synchronization
import Testing

@Suite("SnapshotCell")
struct SnapshotCellTests {
    /// A value whose two halves must always agree.
    private struct Pair: Sendable {
        let left: Int
        let right: [Int]
        init(_ number: Int) {
            left = number
            right = [number, number]
        }
    }

    @Test("readers on other threads see whole values that never go back")
    func threads() async {
        let cell = SnapshotCell(Pair(0))
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { @concurrent in
                for number in 1...20_000 { cell.publish(Pair(number)) }
                return true
            }
            for remembers in [false, true, false, true] {
                group.addTask { @concurrent in
                    var reader = SnapshotCell.Reader(cell)
                    var last = 0
                    for _ in 0..<20_000 {
                        let pair = remembers ? reader.read() : cell.read()
                        guard pair.left >= last, pair.right == [pair.left, pair.left] else { return false }
                        last = pair.left
                    }
                    return true
                }
            }
            for await consistent in group { #expect(consistent) }
        }
        #expect(cell.read().left == 20_000)
    }

    @Test("a reader that remembers sees the next publication")
    func remembering() {
        let cell = SnapshotCell(1)
        var reader = SnapshotCell.Reader(cell)
        #expect(reader.read() == 1)
        #expect(reader.read() == 1)
        cell.publish(2)
        #expect(reader.read() == 2)
    }

    @Test("a replaced value is freed when the last reader has let go")
    func freeing() {
        final class Tracked: Sendable {
            let freed: @Sendable () -> Void
            init(freed: @escaping @Sendable () -> Void) { self.freed = freed }
            deinit { freed() }
        }
        let count = Mutex(0)
        let cell = SnapshotCell(Tracked { count.withLock { $0 += 1 } })
        let reader = Mutex<Tracked?>(cell.read())
        cell.publish(Tracked {})
        #expect(count.withLock { $0 } == 0)
        reader.withLock { $0 = nil }
        #expect(count.withLock { $0 } == 1)
    }
}
