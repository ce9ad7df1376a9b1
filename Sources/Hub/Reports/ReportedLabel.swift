/// A label of a reported metric, as it was sent.
package struct ReportedLabel: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
