/// The upper bounds of a histogram's buckets; `+Inf` comes after the last by itself.
public struct Buckets: Sendable, Hashable {
    /// Of a request's duration in seconds: the defaults of the official client libraries.
    public static let durations = Buckets(
        checked: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    )

    private final class Storage: Sendable {
        let bounds: [Double]
        /// `le="0.1"` for each bound and for `+Inf`, the same in every format: else the series would change its identity
        /// with the format that happens to be negotiated.
        let labels: [[UInt8]]
        init(bounds: [Double]) {
            self.bounds = bounds
            labels = (bounds + [.infinity]).map { Array("le=\"\($0.canonicalDescription)\"".utf8) }
        }
    }

    private let storage: Storage

    public init(_ bounds: [Double]) throws(MetricsError) {
        let ascending = zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
        guard !bounds.isEmpty, ascending, bounds.allSatisfy(\.isFinite) else { throw .invalidBuckets(bounds) }
        self.init(checked: bounds)
    }

    private init(checked bounds: [Double]) {
        storage = Storage(bounds: bounds.map { $0 == 0 ? 0 : $0 })
    }

    /// Bounds that grow by a factor: `start, start × factor, start × factor² …`
    public static func exponential(start: Double, factor: Double, count: Int) throws(MetricsError) -> Buckets {
        var bounds: [Double] = []
        var bound = start
        for _ in 0..<max(count, 0) {
            bounds.append(bound)
            bound *= factor
        }
        return try Buckets(bounds)
    }

    public var bounds: [Double] { storage.bounds }

    var labels: [[UInt8]] { storage.labels }

    /// The bucket of a value: the first whose bound is not below it, or the one after the last. NaN is in that one too.
    func index(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    public static func == (left: Buckets, right: Buckets) -> Bool { left.bounds == right.bounds }

    public func hash(into hasher: inout Hasher) { hasher.combine(bounds) }
}

/// What a histogram has counted at one moment.
public struct HistogramReading: Sendable, Hashable {
    public let buckets: Buckets
    /// How many observations fell in each bucket (not cumulative); the last is for those above all bounds.
    public let counts: [UInt64]
    public let sum: Double

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
