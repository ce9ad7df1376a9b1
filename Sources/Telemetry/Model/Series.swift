/// One line of an exposition: a name, labels and a number. What every encoder writes, whatever kind of family it comes from.
public struct Series: Sendable {
    /// A series' value: whether it is a count decides how OpenMetrics writes it.
    public enum Value: Sendable, Hashable {
        /// Any number.
        case number(Double)
        /// How many: the value of `_bucket`, `_count` and `_gcount`.
        case count(UInt64)
    }

    let seriesName: SeriesName
    /// The labels of the sample, without the one that its kind adds.
    public let labels: Labels
    let extra: Labels?
    /// What the series says.
    public let value: Value
    let instant: Instant
    /// Whether OpenMetrics has words for it. A reader of OpenMetrics refuses a whole scrape for one series that it forbids.
    public let isAllowedInOpenMetrics: Bool

    /// The name, with the suffix that its kind adds: the same in every format.
    public var name: String { seriesName.text }

    /// The label that its kind adds: `le` of a bucket, `quantile` of a summary, the family's own name of a state.
    public var extraLabel: Labels.Label? { extra?.pairs.first }

    /// All labels with the extra one, in the order of their names.
    public var allLabels: [Labels.Label] {
        guard let extraLabel else { return labels.pairs }
        var all = labels.pairs
        all.insert(extraLabel, at: all.firstIndex { $0.name > extraLabel.name } ?? all.endIndex)
        return all
    }

    /// The value as a floating point number, which is what Prometheus keeps.
    public var number: Double {
        switch value {
        case .number(let number): number
        case .count(let count): Double(count)
        }
    }

    /// When it had this value, since 1970; `nil` stands for when it is scraped.
    public var time: Duration? { instant.sinceEpoch }
}
