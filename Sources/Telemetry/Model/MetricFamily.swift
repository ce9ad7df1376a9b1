/// A family with its samples: what instruments and collectors produce, and what the encoders read.
public struct MetricFamily: Sendable, Hashable {
    public let descriptor: MetricDescriptor
    public var samples: [Sample]

    public init(_ descriptor: MetricDescriptor, samples: [Sample] = []) {
        self.descriptor = descriptor
        self.samples = samples
    }

    /// This family with every set of labels once: the first sample stands. Readers refuse a whole scrape for a repetition.
    func withoutRepetitions() -> MetricFamily {
        guard samples.count > 1 else { return self }
        var seen: Set<Labels> = []
        var family = self
        family.samples.removeAll { !seen.insert($0.labels).inserted }
        return family
    }
}

/// One series' value at one moment. No sample has a timestamp: when it was scraped is what counts.
public struct Sample: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
        /// Of a counter or a gauge.
        case number(Double)
        /// Of a histogram.
        case histogram(HistogramReading)
    }

    public let labels: Labels
    public let value: Value

    public init(_ value: Double, labels: Labels = .none) {
        self.init(.number(value), labels: labels)
    }

    public init(_ value: Value, labels: Labels = .none) {
        self.labels = labels
        self.value = value
    }
}
