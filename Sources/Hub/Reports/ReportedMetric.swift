/// One sample of a report that has been checked.
package struct ReportedMetric: Sendable, Hashable {
    package internal(set) var name: String
    package internal(set) var kind: ReportedKind
    package internal(set) var value: Double
    /// Milliseconds since 1970.
    package internal(set) var time: Int64
    /// In the order of their names, each name once, as they were sent.
    package internal(set) var labels: [ReportedLabel]
    package internal(set) var help: String?
    package internal(set) var unit: String?

    package init(
        name: String,
        kind: ReportedKind,
        value: Double,
        time: Int64,
        labels: [ReportedLabel] = [],
        help: String? = nil,
        unit: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.value = value
        self.time = time
        self.labels = labels
        self.help = help
        self.unit = unit
    }
}
