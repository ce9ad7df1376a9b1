import Synchronization

/// Everything that one program exports: instruments are made here, and families are gathered from here.
///
/// Families come out in the order in which they were registered. A family without samples is left out.
public final class Registry: Sendable {
    /// How many series a family may have unless it says otherwise.
    public static let defaultSeriesLimit = 1000

    private struct Entry: Sendable {
        let gather: @Sendable () -> [MetricFamily]
    }

    private struct Core: Sendable {
        var entries: [Entry] = []
        var owners: [String: MetricDescriptor] = [:]
        /// How long the last render was: the next will be about as long.
        var sizes: [Dialect: Int] = [:]
    }

    private let core = Mutex(Core())

    public init() {}

    /// The families of this moment, as values.
    public func gather() -> [MetricFamily] {
        // Callbacks and collectors run outside the lock: they may take their time, or register something.
        core.withLock(\.entries).flatMap { $0.gather() }.filter { !$0.samples.isEmpty }
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
        try add(descriptors) {
            let families = Dictionary(collector.collect().map { ($0.descriptor, $0) }) { first, _ in first }
            return descriptors.compactMap { families[$0]?.withoutRepetitions() }
        }
    }

    /// Adds what gathers one family.
    func add(_ descriptor: MetricDescriptor, samples: @escaping @Sendable () -> [Sample]) throws(MetricsError) {
        try add([descriptor]) { [MetricFamily(descriptor, samples: samples())] }
    }

    /// Takes the names of the families, or none of them if one is taken already.
    private func add(
        _ descriptors: [MetricDescriptor],
        gather: @escaping @Sendable () -> [MetricFamily]
    ) throws(MetricsError) {
        let clash: MetricsError? = core.withLock { core in
            var owners = core.owners
            for descriptor in descriptors {
                for name in descriptor.reservedNames {
                    if let owner = owners.updateValue(descriptor, forKey: name) {
                        return .nameClash(
                            new: descriptor.name,
                            newKind: descriptor.kind,
                            existing: owner.name,
                            existingKind: owner.kind,
                            name: name
                        )
                    }
                }
            }
            core.owners = owners
            core.entries.append(Entry(gather: gather))
            return nil
        }
        if let clash { throw clash }
    }
}
