import Synchronization

/// Facts about a program as the labels of something that is always 1: a version, a commit. Absent until they are set.
public final class Info: Sendable {
    /// What facts are announced as.
    public enum Form: Sendable, Hashable {
        /// A gauge, under the name as it was given: what Prometheus's own programs do.
        case gauge
        /// OpenMetrics' info: the name ends in `_info`, whether or not it was given so.
        case info

        var kind: MetricKind { self == .gauge ? .gauge : .info }
    }

    private let labelNames: [String]
    private let name: String
    private let current = Mutex<Labels?>(nil)

    init(name: String, labelNames: [String]) {
        self.name = name
        self.labelNames = labelNames
    }

    /// Replaces all facts at once. The values are in the order in which the label names were declared.
    public func set(_ values: String...) throws(MetricsError) {
        guard values.count == labelNames.count else {
            throw .labelCount(metric: name, expected: labelNames.count, given: values.count)
        }
        let labels = Labels(checked: zip(labelNames, values).map { Labels.Label(name: $0, value: $1) })
        current.withLock { $0 = labels }
    }

    /// From now on there is nothing to say.
    public func clear() {
        current.withLock { $0 = nil }
    }

    var sample: Sample? {
        current.withLock { $0 }.map { Sample(1, labels: $0) }
    }
}
