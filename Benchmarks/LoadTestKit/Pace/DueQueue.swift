import AsyncHTTP

/// Those who wait for their moments, earliest first.
///
/// A ring would do if all moments came in order; those of scrapers nearly do. So a newcomer is put behind the last that
/// is not later, looking from the end.
struct DueQueue<Element> {
    private var entries: [(due: MonotonicInstant, element: Element)] = []
    private var head = 0

    var earliest: MonotonicInstant? { head < entries.count ? entries[head].due : nil }

    mutating func insert(_ element: Element, due: MonotonicInstant) {
        var position = entries.count
        while position > head, entries[position - 1].due > due { position -= 1 }
        entries.insert((due, element), at: position)
    }

    mutating func popDue(by now: MonotonicInstant) -> Element? {
        guard let earliest, earliest <= now else { return nil }
        let element = entries[head].element
        head += 1
        // Moves each entry once on average.
        if head * 2 >= entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return element
    }
}
