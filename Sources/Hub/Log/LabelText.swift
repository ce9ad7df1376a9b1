import JSON

/// Labels as the dictionary keeps them: an object of JSON, nothing where there are none.
enum LabelText {
    static func written(_ labels: [ReportedLabel]) -> String? {
        labels.isEmpty ? nil : JSONValue.object(labels.map { .init($0.name, .string($0.value)) }).text
    }

    /// - Returns: nil when it is no such object.
    static func read(_ text: String?) -> [ReportedLabel]? {
        guard let text else { return [] }
        guard case .object(let members) = try? JSONReader().read(Array(text.utf8)) else { return nil }
        var labels: [ReportedLabel] = []
        for member in members {
            switch member.value {
            case .string(let value): labels.append(ReportedLabel(name: member.name, value: value))
            // Only other programs write these.
            case .null: continue
            default: labels.append(ReportedLabel(name: member.name, value: member.value.text))
            }
        }
        return labels
    }
}
