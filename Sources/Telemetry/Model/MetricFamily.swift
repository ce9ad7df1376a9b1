/// A family with its samples: what instruments and collectors produce, and what the encoders read.
public struct MetricFamily: Sendable, Hashable {
    /// What the family is called, and what it counts.
    public let descriptor: MetricDescriptor
    /// What it says now.
    public var samples: [Sample]

    /// A family of these samples.
    public init(_ descriptor: MetricDescriptor, samples: [Sample] = []) {
        self.descriptor = descriptor
        self.samples = samples
    }

    /// This family with every set of labels once: the first sample stands. Readers refuse a whole scrape for a repetition.
    func withoutRepetitions() -> MetricFamily {
        guard samples.count > 1 else { return self }
        var seen = Set<Labels>(minimumCapacity: samples.count)
        var family = self
        family.samples.removeAll { !seen.insert($0.labels).inserted }
        return family
    }
}
