/// The series of the last report of each component. Most reports have the same ones in the same order: then their numbers are known
/// by a look at the texts.
struct LastSeries {
    private struct Entry {
        let segment: Int64
        let metrics: [ReportedMetric]
        let ids: [Int64]
    }

    /// Of a report; larger ones are not remembered.
    private static let samples = 256
    /// Of all reports; then all are forgotten. Some 300 bytes each.
    private static let remembered = 50_000

    private var entries: [Int64: Entry] = [:]
    private var count = 0

    /// - Returns: nil when the last report of the component was another, or of another table.
    func ids(of metrics: [ReportedMetric], component: Int64, in segment: Int64) -> [Int64]? {
        guard let last = entries[component], last.segment == segment, Self.areSame(metrics.span, last.metrics.span)
        else {
            return nil
        }
        return last.ids
    }

    /// Whether everything but the values and the times is the same. Nothing is copied: this is done for each report.
    private static func areSame(_ metrics: Span<ReportedMetric>, _ others: Span<ReportedMetric>) -> Bool {
        guard metrics.count == others.count else { return false }
        for index in metrics.indices {
            guard metrics[index].kind == others[index].kind, metrics[index].name.isSameText(as: others[index].name),
                metrics[index].help.isSameText(as: others[index].help),
                metrics[index].unit.isSameText(as: others[index].unit),
                ReportedLabel.areSame(metrics[index].labels.span, others[index].labels.span)
            else { return false }
        }
        return true
    }

    mutating func remember(_ ids: [Int64], of metrics: [ReportedMetric], component: Int64, in segment: Int64) {
        guard metrics.count <= Self.samples else { return }
        if count + metrics.count > Self.remembered { forget() }
        let old = entries.updateValue(Entry(segment: segment, metrics: metrics, ids: ids), forKey: component)
        count += metrics.count - (old?.metrics.count ?? 0)
    }

    mutating func forget() {
        entries.removeAll(keepingCapacity: true)
        count = 0
    }
}
