import Synchronization

/// What can be one series of a family.
public protocol Instrument: AnyObject, Sendable {
    /// Its value now.
    var reading: Sample.Value { get }
}

/// Instruments of one name that differ in their labels.
///
/// `with` looks up or makes the instrument of a set of label values. It takes a lock and hashes: do it once per series and keep
/// what you get. A family has at most `limit` series; label values that come later all share one series whose values are
/// `overflow`, so that a label made from something unbounded cannot eat the memory or the scraper.
public final class Labeled<Child: Instrument>: Sendable {
    /// The label value of the series that takes what is over the limit.
    public static var overflow: String { "overflow" }

    private struct Sibling: Sendable {
        let labels: Labels
        let child: Child
    }

    private struct Core: Sendable {
        var children: [[String]: Child] = [:]
        var series: [Sibling] = []
        var isSorted = true
        var overflowed: UInt64 = 0
    }

    private let name: String
    private let labelNames: [String]
    private let limit: Int
    private let make: @Sendable () -> Child
    private let core = Mutex(Core())

    init(name: String, labelNames: [String], limit: Int, make: @escaping @Sendable () -> Child) throws(MetricsError) {
        for labelName in labelNames { try NameRules.checkLabel(labelName) }
        try Labels.checkUnique(labelNames)
        self.name = name
        self.labelNames = labelNames
        self.limit = max(limit, 1)
        self.make = make
    }

    /// The instrument of these label values, in the order in which the label names were declared.
    public func with(_ values: String...) throws(MetricsError) -> Child {
        guard values.count == labelNames.count else {
            throw .labelCount(metric: name, expected: labelNames.count, given: values.count)
        }
        return core.withLock { core in
            if let child = core.children[values] { return child }
            guard core.series.count >= limit else { return add(values, to: &core) }
            core.overflowed &+= 1
            let shared = labelNames.map { _ in Self.overflow }
            return core.children[shared] ?? add(shared, to: &core)
        }
    }

    /// Ends the series of these label values, and frees its place. Whoever still holds its instrument counts for nobody; `with`
    /// makes a new one.
    public func remove(_ values: String...) {
        core.withLock { core in
            guard let child = core.children.removeValue(forKey: values) else { return }
            core.series.removeAll { $0.child === child }
        }
    }

    /// How many times `with` was asked for a series over the limit.
    public var overflowed: UInt64 { core.withLock(\.overflowed) }

    private func add(_ values: [String], to core: inout Core) -> Child {
        let labels = Labels(checked: zip(labelNames, values).map { Labels.Label(name: $0, value: $1) })
        let child = make()
        core.children[values] = child
        core.series.append(Sibling(labels: labels, child: child))
        core.isSorted = false
        return child
    }

    /// Every series in the order of its labels, whatever the order in which they were made.
    var samples: [Sample] {
        let series = core.withLock { core in
            if !core.isSorted {
                core.series.sort { $0.labels.encoded.lexicographicallyPrecedes($1.labels.encoded) }
                core.isSorted = true
            }
            return core.series
        }
        return series.map { Sample($0.child.reading, labels: $0.labels) }
    }
}
