@testable import YAML

/// A document as one line: names, values in their order, texts in quotes where they cannot be anything else.
func drawn(_ text: String, limits: YAMLLimits = YAMLLimits()) throws -> String {
    try YAMLDocument.read(Array(text.utf8), limits: limits).root.map(drawn) ?? "nothing"
}

private func drawn(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar): scalar.isPlain ? scalar.text : "\"\(scalar.text)\""
    case .sequence(let nodes): "[\(nodes.map(drawn).joined(separator: " "))]"
    case .mapping(let mapping):
        "{\(mapping.entries.map { "\($0.name)=\(drawn($0.value))" }.joined(separator: " "))}"
    }
}

/// Why a text is not taken, with the line and column.
func problem(_ text: [UInt8], limits: YAMLLimits = YAMLLimits()) -> String? {
    do throws(YAMLError) {
        _ = try YAMLDocument.read(text, limits: limits)
        return nil
    } catch {
        return error.description
    }
}
