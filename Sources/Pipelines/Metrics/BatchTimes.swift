import Telemetry

/// How long batches took: the numbers of a histogram, counted under somebody else's lock.
struct BatchTimes: Sendable {
    /// The upper bounds in milliseconds.
    static let bounds: InlineArray<15, UInt64> = [
        1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
    ]

    /// One for each bound, and one for what is above them.
    private var counts = InlineArray<16, UInt64>(repeating: 0)
    private var sum: UInt64 = 0

    /// Counts a batch in the first bucket whose bound is not below it.
    mutating func observe(milliseconds: UInt64) {
        var bucket = 0
        while bucket < Self.bounds.count, milliseconds > Self.bounds[bucket] { bucket += 1 }
        counts[bucket].add(1)
        sum.add(milliseconds)
    }

    /// The bounds as a sample has them.
    static func buckets() throws(MetricsError) -> Buckets {
        try Buckets(bounds.indices.map { Double(bounds[$0]) })
    }

    /// As a sample has it.
    func reading(in buckets: Buckets) throws(MetricsError) -> HistogramReading {
        try HistogramReading(buckets: buckets, counts: counts.indices.map { counts[$0] }, sum: Double(sum))
    }
}
