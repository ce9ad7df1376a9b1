package import Telemetry

/// Families as rows of a table in Markdown, for a reference page.
package enum MetricReference {
    package static let head = "| name | type | HELP |\n|---|---|---|\n"

    /// - Parameter labels: the names of those that its series have.
    package static func row(_ descriptor: MetricDescriptor, labels: [String]) -> String {
        let name = descriptor.kind == .counter ? descriptor.name + "_total" : descriptor.name
        let suffix = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        return "| `\(name)\(suffix)` | \(descriptor.kind.rawValue) | \(descriptor.help) |\n"
    }

    /// With the labels of the first series.
    package static func row(_ family: MetricFamily) -> String {
        row(family.descriptor, labels: family.samples.first?.labels.pairs.map(\.name) ?? [])
    }
}
