/// Knows what is due first. Each number is in it once; a deadline that moves away costs nothing until its old time has come.
struct ExpiryHeap: Sendable {
    private struct Entry {
        var due: Int64
        let number: Int32
    }

    private var entries: [Entry] = []
    /// Where each number is among the entries; -1 if it is not.
    private var places: [Int32] = []

    var count: Int { entries.count }

    /// Sets when a number is to be looked at: later than it would have been is left for that moment.
    mutating func schedule(_ number: Int32, at due: Int64) {
        while places.count <= Int(number) { places.append(-1) }
        let place = Int(places[Int(number)])
        if place < 0 {
            places[Int(number)] = Int32(entries.count)
            entries.append(Entry(due: due, number: number))
            rise(entries.count - 1)
        } else if due < entries[place].due {
            entries[place].due = due
            rise(place)
        }
    }

    mutating func remove(_ number: Int32) {
        guard Int(number) < places.count, case let place = Int(places[Int(number)]), place >= 0 else { return }
        places[Int(number)] = -1
        let last = entries.removeLast()
        guard place < entries.count else { return }
        put(last, at: place)
        rise(place)
        sink(Int(places[Int(last.number)]))
    }

    /// What has been due longest; nil if nothing is.
    func first(at now: Int64) -> Int32? {
        guard let first = entries.first, first.due <= now else { return nil }
        return first.number
    }

    /// Moves the deadline of the first to a later time.
    mutating func postpone(to due: Int64) {
        guard !entries.isEmpty else { return }
        entries[0].due = due
        sink(0)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        places[Int(entry.number)] = Int32(place)
    }

    private mutating func rise(_ start: Int) {
        let entry = entries[start]
        var place = start
        while place > 0, case let parent = (place - 1) / 2, entries[parent].due > entry.due {
            put(entries[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func sink(_ start: Int) {
        let entry = entries[start]
        var place = start
        while case var child = 2 * place + 1, child < entries.count {
            if child + 1 < entries.count, entries[child + 1].due < entries[child].due { child += 1 }
            guard entries[child].due < entry.due else { break }
            put(entries[child], at: place)
            place = child
        }
        put(entry, at: place)
    }
}
