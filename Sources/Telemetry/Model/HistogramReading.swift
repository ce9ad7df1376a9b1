/// What a histogram, or a gauge histogram, has counted at one moment.
public struct HistogramReading: Sendable, Hashable {
    /// Where the buckets end.
    public let buckets: Buckets
    /// How many observations fell in each bucket (not cumulative); the last is for those above all bounds.
    public let counts: [UInt64]
    /// The sum of everything observed.
    public let sum: Double

    /// A reading with one count per bucket.
    public init(buckets: Buckets, counts: [UInt64], sum: Double) throws(MetricsError) {
        let expected = buckets.bounds.count + 1
        guard counts.count == expected else { throw .bucketCount(expected: expected, given: counts.count) }
        self.init(checked: buckets, counts: counts, sum: sum)
    }

    init(checked buckets: Buckets, counts: [UInt64], sum: Double) {
        self.buckets = buckets
        self.counts = counts
        self.sum = sum
    }
}
