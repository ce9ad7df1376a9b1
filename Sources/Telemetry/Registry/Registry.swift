import Synchronization

/// Everything that one program exports: instruments are made here, and families are gathered from here.
///
/// Families come out in the order in which they were registered. A family without samples is left out.
public final class Registry: Sendable {
    /// How many series a family may have unless it says otherwise.
    public static let defaultSeriesLimit = 1000

    private enum Entry: Sendable {
        case family(MetricDescriptor, samples: @Sendable () -> [Sample])
        case collector(AnnouncedCollector)
    }

    private struct Core: Sendable {
        var entries: [Entry] = []
        var names = FamilyNames()
        /// How long the last render was: the next will be about as long.
        var sizes: [Dialect: Int] = [:]
    }

    private let core = Mutex(Core())
    private let refused = Atomic<UInt64>(0)

    /// A registry that has nothing yet.
    public init() {}

    /// How many families that nobody had announced were left out because a name of theirs was taken, since the start.
    public var familiesRefused: UInt64 { refused.load(ordering: .relaxed) }

    /// The families of this moment, as values.
    public func gather() -> [MetricFamily] {
        // Callbacks and collectors run outside the lock: they may take their time, or register something.
        let (entries, names) = core.withLock { ($0.entries, $0.names) }
        var families: [MetricFamily] = []
        families.reserveCapacity(entries.count)
        var unannounced = FamilyNames()
        for entry in entries {
            switch entry {
            case .family(let descriptor, let samples):
                let samples = samples()
                if !samples.isEmpty { families.append(MetricFamily(descriptor, samples: samples)) }
            case .collector(let collector):
                let collected = collector.collect()
                families += collected.announced
                if collected.others.isEmpty { continue }
                families += admit(collected, from: collector, names: names, &unannounced)
            }
        }
        return families
    }

    /// The families that nobody announced and whose names are free: not registered for another entry, and not those of a
    /// family that this gathering has already.
    private func admit(
        _ collected: AnnouncedCollector.Collected,
        from collector: AnnouncedCollector,
        names: FamilyNames,
        _ taken: inout FamilyNames
    ) -> [MetricFamily] {
        // Of its own names a collector may use those that it has not used yet.
        for family in collected.announced { try? taken.reserve(family.descriptor) }
        return collected.others.compactMap { family in
            let isOurs = names.owners(ofNamesOf: family.descriptor).allSatisfy(collector.hasAnnounced)
            guard isOurs, (try? taken.reserve(family.descriptor)) != nil else {
                refused.wrappingAdd(1, ordering: .relaxed)
                return nil
            }
            return family.withoutRepetitions()
        }
    }

    /// The text of this moment in one format.
    public func render(_ format: ExpositionFormat = .text004) -> [UInt8] {
        let dialect = format.dialect
        let capacity = core.withLock { $0.sizes[dialect] } ?? 4096
        let bytes = ExpositionEncoder.encode(gather(), dialect: dialect, capacity: capacity + capacity / 8)
        core.withLock { $0.sizes[dialect] = bytes.count }
        return bytes
    }

    /// Adds a collector's families.
    public func register(_ collector: some Collector) throws(MetricsError) {
        let descriptors = collector.descriptors
        try add(.collector(AnnouncedCollector(collector, descriptors: descriptors)), descriptors)
    }

    /// Adds what gathers one family.
    func add(_ descriptor: MetricDescriptor, samples: @escaping @Sendable () -> [Sample]) throws(MetricsError) {
        try add(.family(descriptor, samples: samples), [descriptor])
    }

    /// Takes the names of the families, or none of them if one is taken already.
    private func add(_ entry: Entry, _ descriptors: [MetricDescriptor]) throws(MetricsError) {
        try core.withLock { (core: inout sending Core) throws(MetricsError) in
            try core.names.reserve(descriptors)
            core.entries.append(entry)
        }
    }
}
