/// A collector with what it has announced.
struct AnnouncedCollector: Sendable {
    private let collector: any Collector
    private let positions: [MetricDescriptor: Int]

    init(_ collector: any Collector, descriptors: [MetricDescriptor]) {
        self.collector = collector
        positions = Dictionary(zip(descriptors, descriptors.indices)) { first, _ in first }
    }

    /// What was collected: each family has samples, and none of them twice.
    struct Collected {
        /// In the order of the announcement.
        var announced: [MetricFamily] = []
        /// In the order of the collector.
        var others: [MetricFamily] = []
    }

    func collect() -> Collected {
        var places = [MetricFamily?](repeating: nil, count: positions.count)
        var collected = Collected()
        for family in collector.collect() where !family.samples.isEmpty {
            if let position = positions[family.descriptor], places[position] == nil {
                places[position] = family.withoutRepetitions()
            } else {
                collected.others.append(family)
            }
        }
        collected.announced = places.compactMap(\.self)
        return collected
    }

    func hasAnnounced(_ descriptor: MetricDescriptor) -> Bool { positions[descriptor] != nil }
}
