import AsyncHTTP

/// Those who wait for their moments, earliest first, and among equals in the order in which they came.
///
/// A binary heap: the first moments of many scrapers come in no order at all.
struct DueQueue<Element> {
    private struct Entry {
        let due: MonotonicInstant
        let number: UInt64
        let element: Element

        static func < (one: Entry, other: Entry) -> Bool {
            one.due == other.due ? one.number < other.number : one.due < other.due
        }
    }

    private var heap: [Entry] = []
    private var inserted: UInt64 = 0

    var earliest: MonotonicInstant? { heap.first?.due }

    mutating func insert(_ element: Element, due: MonotonicInstant) {
        var position = heap.count
        let entry = Entry(due: due, number: inserted, element: element)
        inserted &+= 1
        heap.append(entry)
        while position > 0, entry < heap[(position - 1) / 2] {
            heap[position] = heap[(position - 1) / 2]
            position = (position - 1) / 2
        }
        heap[position] = entry
    }

    mutating func popDue(by now: MonotonicInstant) -> Element? {
        guard let first = heap.first, first.due <= now, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        return first.element
    }

    /// Puts an entry in the place of the first, and from there to where it belongs.
    private mutating func sink(_ entry: Entry) {
        var position = 0
        while true {
            var child = position * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < entry else { break }
            heap[position] = heap[child]
            position = child
        }
        heap[position] = entry
    }
}
