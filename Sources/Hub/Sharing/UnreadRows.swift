/// What of another hub's log has not been read yet: the newest first, a slice at a time.
struct UnreadRows: Sendable, Hashable {
    /// Rows by their numbers.
    struct Stretch: Sendable, Hashable {
        /// Not included.
        let after: Int64
        let through: Int64
    }

    private var end: Int64
    private var stretches: [Stretch] = []

    /// - Parameter origin: the number before the log's first row.
    init(after origin: Int64) {
        end = origin
    }

    var isEmpty: Bool { stretches.isEmpty }

    /// Notes what has been written since the last time.
    mutating func meet(through last: Int64) {
        guard last > end else { return }
        stretches.append(Stretch(after: end, through: last))
        end = last
    }

    /// The newest of what is left.
    func next(_ count: Int64) -> Stretch? {
        stretches.last.map { Stretch(after: max($0.after, $0.through &- max(1, count)), through: $0.through) }
    }

    /// Notes that what `next` gave has been read.
    /// - Parameter wasOld: nothing of it is exported any more, and so nothing before it.
    mutating func remove(_ read: Stretch, wasOld: Bool) {
        if wasOld { return stretches.removeAll() }
        guard let newest = stretches.popLast(), newest.after < read.after else { return }
        stretches.append(Stretch(after: newest.after, through: read.after))
    }
}
