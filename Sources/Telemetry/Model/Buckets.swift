/// The upper bounds of a histogram's buckets; `+Inf` comes after the last by itself.
public struct Buckets: Sendable, Hashable {
    /// Of a request's duration in seconds: the defaults of the official client libraries.
    public static let durations = Buckets(
        checked: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    )

    /// Of a task's duration in seconds: the same, and on to an hour.
    public static let longDurations = Buckets(
        checked: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]
    )

    private final class Storage: Sendable {
        let bounds: [Double]
        /// `le="0.1"` for each bound and for `+Inf`, the same in every format: else the series would change its identity
        /// with the format that happens to be negotiated.
        let labels: [Labels]
        init(bounds: [Double]) {
            self.bounds = bounds
            labels = (bounds + [.infinity]).map { Labels(checkedName: "le", value: $0.canonicalDescription) }
        }
    }

    private let storage: Storage

    /// Buckets up to these bounds, which must be finite and ascending.
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

    /// The bounds, ascending, without `+Inf`.
    public var bounds: [Double] { storage.bounds }

    /// The label of each bucket, `+Inf` last.
    var labels: [Labels] { storage.labels }

    /// Whether something below zero has a bucket of its own: a sum of such things can go down.
    var reachBelowZero: Bool { (bounds.first ?? 0) < 0 }

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

    /// Buckets are equal if their bounds are.
    public static func == (left: Buckets, right: Buckets) -> Bool { left.bounds == right.bounds }

    /// Hashes the bounds.
    public func hash(into hasher: inout Hasher) { hasher.combine(bounds) }
}
