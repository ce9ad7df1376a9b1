/// One sample of a report that was accepted.
package struct ReportedMetric: Sendable, Hashable {
    package let name: String
    package let kind: ReportedKind
    package let value: Double
    /// Milliseconds since 1970.
    package let time: Int64
    /// Sorted by name.
    package let labels: [ReportedLabel]
    package let help: String?
    package let unit: String?

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
