/// What a summary says at one moment.
public struct SummaryReading: Sendable, Hashable {
    /// Which quantiles it has.
    public let quantiles: Quantiles
    /// The value at each quantile; NaN if nothing was observed lately.
    public let values: [Double]
    /// The sum of everything observed.
    public let sum: Double
    /// How many observations there were.
    public let count: UInt64

    /// A reading with one value per quantile.
    public init(quantiles: Quantiles, values: [Double], sum: Double, count: UInt64) throws(MetricsError) {
        let expected = quantiles.ranks.count
        guard values.count == expected else { throw .quantileCount(expected: expected, given: values.count) }
        self.quantiles = quantiles
        self.values = values
        self.sum = sum
        self.count = count
    }
}
