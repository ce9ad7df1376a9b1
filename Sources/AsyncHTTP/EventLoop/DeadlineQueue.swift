/// Something that wants to be told when a moment has come. One thread owns it, and it is in one queue at a time.
///
/// The deadline may be moved at no cost to a later moment: the queue looks at it again when the earlier one has come.
package class Deadline {
    fileprivate(set) var wanted = MonotonicInstant.distantFuture
    fileprivate var scheduled = MonotonicInstant.distantFuture
    fileprivate var position = -1

    func reached() {}
}

/// A binary heap of deadlines, earliest first. Each knows its place in it, so that leaving costs no search.
package final class DeadlineQueue {
    private var heap: [Deadline] = []
    /// That of the heap's first, known without a look at it.
    private var first = MonotonicInstant.distantFuture

    package init() {}

    /// When to look next; nil when nothing waits.
    package var earliest: MonotonicInstant? { first == .distantFuture ? nil : first }

    package func set(_ deadline: Deadline, to instant: MonotonicInstant) {
        deadline.wanted = instant
        if deadline.position < 0 {
            deadline.scheduled = instant
            deadline.position = heap.count
            heap.append(deadline)
            siftUp(from: deadline.position)
        } else if instant < deadline.scheduled {
            deadline.scheduled = instant
            siftUp(from: deadline.position)
        }
    }

    /// Lets go of all of them.
    func removeAll() {
        heap = []
        first = .distantFuture
    }

    func remove(_ deadline: Deadline) {
        let position = deadline.position
        guard position >= 0, let last = heap.popLast() else { return }
        deadline.position = -1
        defer { first = heap.first?.scheduled ?? .distantFuture }
        if last === deadline { return }
        // It takes the other's place, and goes on to where it belongs: up when it is earlier, otherwise down.
        heap[position] = last
        if last.scheduled < deadline.scheduled { siftUp(from: position) } else { siftDown(from: position) }
    }

    /// Takes one deadline whose moment has come; those that have been moved meanwhile find their new places.
    package func popReached(by now: MonotonicInstant) -> Deadline? {
        if first > now { return nil }
        while let deadline = heap.first, deadline.scheduled <= now {
            if deadline.wanted > now {
                deadline.scheduled = deadline.wanted
                siftDown(from: 0)
                continue
            }
            remove(deadline)
            return deadline
        }
        return nil
    }

    private func place(_ deadline: Deadline, at position: Int) {
        heap[position] = deadline
        deadline.position = position
        if position == 0 { first = deadline.scheduled }
    }

    private func siftUp(from start: Int) {
        var position = start
        let moving = heap[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard moving.scheduled < heap[parent].scheduled else { break }
            place(heap[parent], at: position)
            position = parent
        }
        place(moving, at: position)
    }

    private func siftDown(from start: Int) {
        var position = start
        let moving = heap[position]
        while true {
            var child = position * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].scheduled < heap[child].scheduled { child += 1 }
            guard heap[child].scheduled < moving.scheduled else { break }
            place(heap[child], at: position)
            position = child
        }
        place(moving, at: position)
    }
}
