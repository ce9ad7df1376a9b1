/// One label of a reported metric, as it was sent.
package struct ReportedLabel: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Whether these are the same texts in the same order. Nothing is copied: this is done for each sample.
    static func areSame(_ labels: Span<ReportedLabel>, _ others: Span<ReportedLabel>) -> Bool {
        if labels.isIdentical(to: others) { return true }
        guard labels.count == others.count else { return false }
        for index in labels.indices {
            guard labels[index].name.isSameText(as: others[index].name),
                labels[index].value.isSameText(as: others[index].value)
            else { return false }
        }
        return true
    }
}
