import Glibc

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
        guard let last = entries[component], last.segment == segment, last.metrics.count == metrics.count else {
            return nil
        }
        for index in metrics.indices where !metrics[index].isOfSameSeries(as: last.metrics[index]) { return nil }
        return last.ids
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

extension ReportedMetric {
    /// Whether everything but the value and the time is the same.
    fileprivate func isOfSameSeries(as other: ReportedMetric) -> Bool {
        guard kind == other.kind, labels.count == other.labels.count, name.isSameText(as: other.name),
            help.isSameText(as: other.help), unit.isSameText(as: other.unit)
        else { return false }
        for index in labels.indices {
            let (label, old) = (labels[index], other.labels[index])
            guard label.name.isSameText(as: old.name), label.value.isSameText(as: old.value) else { return false }
        }
        return true
    }
}

extension String {
    /// By the bytes: what looks the same may be another text.
    fileprivate func isSameText(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe other.utf8.withContiguousStorageIfAvailable { others in
                guard let one = bytes.baseAddress, let two = others.baseAddress else { return true }
                return unsafe memcmp(one, two, bytes.count) == 0
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension Optional<String> {
    /// Nil is not the empty text.
    fileprivate func isSameText(as other: String?) -> Bool {
        switch (self, other) {
        case (let one?, let two?): one.isSameText(as: two)
        case (nil, nil): true
        default: false
        }
    }
}
