import AsyncHTTP

/// The largest of the values of the last while. It keeps those that may yet become the largest, so each is smaller and younger
/// than the one before.
struct PeakWindow: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        let instant: MonotonicInstant
        let value: Double
    }

    /// More than there are polls in any window that makes sense.
    private static let capacity = 4096

    private let span: Duration
    private var entries: [Entry] = []

    init(_ span: Duration) {
        self.span = span
    }

    /// How many values it keeps.
    var count: Int { entries.count }

    mutating func add(_ value: Double, at now: MonotonicInstant) {
        entries.removeFirst(entries.prefix { isOver($0, at: now) }.count)
        while let last = entries.last, last.value <= value { entries.removeLast() }
        entries.append(Entry(instant: now, value: value))
        // The largest stays; what may follow it is known less exactly.
        if entries.count > Self.capacity { entries.remove(at: 1) }
    }

    /// Nil when there was none.
    func largest(at now: MonotonicInstant) -> Double? {
        entries.first { !isOver($0, at: now) }?.value
    }

    private func isOver(_ entry: Entry, at now: MonotonicInstant) -> Bool {
        entry.instant.duration(to: now) > span
    }
}
