/// The quantiles of a summary: 0.5 for the median, 0.99 for what one observation in a hundred exceeds.
public struct Quantiles: Sendable, Hashable {
    private final class Storage: Sendable {
        let ranks: [Double]
        /// `quantile="0.5"` for each, the same in every format.
        let labels: [Labels]
        init(ranks: [Double]) {
            self.ranks = ranks
            labels = ranks.map { Labels(checkedName: "quantile", value: $0.canonicalDescription) }
        }
    }

    private let storage: Storage

    /// Quantiles from 0 to 1, ascending. There may be none: then a summary is a sum and a count.
    public init(_ ranks: [Double]) throws(MetricsError) {
        let ascending = zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }
        guard ascending, ranks.allSatisfy((0...1).contains) else { throw .invalidQuantiles(ranks) }
        storage = Storage(ranks: ranks.map { $0 == 0 ? 0 : $0 })
    }

    /// The quantiles, ascending.
    public var ranks: [Double] { storage.ranks }

    /// The label of each quantile.
    var labels: [Labels] { storage.labels }

    /// Equal if the ranks are.
    public static func == (left: Quantiles, right: Quantiles) -> Bool { left.ranks == right.ranks }

    /// Hashes the ranks.
    public func hash(into hasher: inout Hasher) { hasher.combine(ranks) }
}
