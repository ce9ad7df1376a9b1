/// The components that a page has room for, and how many there are: first who is silent, then who was not understood, then the
/// others, each by name.
struct ShownComponents: Sendable {
    /// How many a page shows; a longer list is for programs.
    static let limit = 200

    let rows: [KnownComponent]
    let reporting: Int
    let silent: Int

    var total: Int { reporting + silent }
    /// Of either kind, those that are not shown.
    let hiddenReporting: Int
    let hiddenSilent: Int

    init(_ all: [KnownComponent], limit: Int = Self.limit) {
        let silent = all.filter { $0.state == .silent }
        let reporting = all.filter { $0.state == .reporting }
        // Workers that ended long ago must not push out all that work.
        let silentShown = min(silent.count, max(limit / 2, limit - reporting.count))
        let reportingShown = min(reporting.count, limit - silentShown)
        rows =
            silent.first(silentShown) { $0.key < $1.key } + reporting.first(reportingShown) { $0.key < $1.key }
        (self.silent, self.reporting) = (silent.count, reporting.count)
        hiddenSilent = silent.count - silentShown
        hiddenReporting = reporting.count - reportingShown
    }
}

extension KnownComponent {
    fileprivate var key: (Int, String, String, String) {
        (rejected > 0 ? 0 : 1, component.name, component.type, component.instance ?? "")
    }
}

extension Sequence {
    /// The first so many in an order, without putting the others in order.
    fileprivate func first(_ count: Int, by isBefore: (Element, Element) -> Bool) -> [Element] {
        guard count > 0 else { return [] }
        var first: [Element] = []
        for element in self {
            if first.count == count, let last = first.last, !isBefore(element, last) { continue }
            var (low, high) = (0, first.count)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(element, first[middle]) { high = middle } else { low = middle + 1 }
            }
            first.insert(element, at: low)
            if first.count > count { first.removeLast() }
        }
        return first
    }
}
