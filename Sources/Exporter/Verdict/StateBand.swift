import AsyncHTTP

/// The conditions of the last hour, the worst of each half minute, in a ring of fixed size.
struct StateBand: Sendable, Hashable {
    static let step = Duration.seconds(30)
    static let slots = 120

    private var ring = [Condition?](repeating: nil, count: slots)
    /// The number of the last slot that was written, counted from the clock's beginning.
    private var last: Int64?
    private var latest: Condition?

    /// Between two notes the condition was that of the first. Within a slot, and for one that is no worse than what it has, this
    /// changes next to nothing.
    mutating func note(_ condition: Condition, at now: MonotonicInstant) {
        advance(to: now)
        latest = condition
        guard let last else { return }
        let index = Self.index(last)
        if ring[index].map({ $0 < condition }) ?? true { ring[index] = condition }
    }

    /// From an hour ago until now; nil is before the first note.
    func conditions(at now: MonotonicInstant) -> [Condition?] {
        var band = self
        band.advance(to: now)
        let next = Self.index((band.last ?? 0) + 1)
        return Array(band.ring[next...] + band.ring[..<next])
    }

    private mutating func advance(to now: MonotonicInstant) {
        let slot = max(0, now.nanoseconds / Self.step.clampedNanoseconds)
        guard let last else {
            last = slot
            return
        }
        guard slot > last else { return }
        for passed in max(last + 1, slot - Int64(Self.slots) + 1)...slot { ring[Self.index(passed)] = latest }
        self.last = slot
    }

    private static func index(_ slot: Int64) -> Int { Int(slot % Int64(slots)) }
}
