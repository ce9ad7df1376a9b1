import YAML

/// A part of a web configuration file: names that it may have, and values of which each has its type.
///
/// What a value may be is what Go's decoder takes: a null is an empty text, false, nothing; any single value is a text.
struct WebSection {
    /// As it is called in errors; empty for the file itself.
    private let name: String
    let line: Int
    private let mapping: YAMLMapping
    /// Of a name that is not known.
    private static let shownName = 80

    /// - Returns: nil when nothing is said there.
    init?(_ node: YAMLNode?, _ name: String, knowing names: [String]) throws(WebFileProblem) {
        guard let node, !node.isNull else { return nil }
        guard case .mapping(let mapping) = node.content else {
            throw WebFileProblem(
                "\(name.isEmpty ? "the file" : name) has to hold names and values",
                line: node.place.line
            )
        }
        for entry in mapping.entries where !names.contains(entry.name) {
            let place = name.isEmpty ? "a web configuration file" : name
            throw WebFileProblem(
                "\(place) has no \"\(entry.name.prefix(Self.shownName))\", but \(names.joined(separator: ", "))",
                line: entry.place.line
            )
        }
        self.name = name
        line = node.place.line
        self.mapping = mapping
    }

    /// Every name with its value, where names are free.
    static func entries(of node: YAMLNode?, _ name: String) throws(WebFileProblem) -> [YAMLMapping.Entry] {
        guard let node, !node.isNull else { return [] }
        guard case .mapping(let mapping) = node.content else {
            throw WebFileProblem("\(name) has to hold names and values", line: node.place.line)
        }
        return mapping.entries
    }

    subscript(key: String) -> YAMLNode? { mapping[key] }

    func contains(_ key: String) -> Bool { mapping[key] != nil }

    /// Where the value of a name stands.
    func line(of key: String) -> Int { mapping[key]?.place.line ?? line }

    // MARK: Values

    /// Empty when it is not there.
    func text(_ key: String) throws(WebFileProblem) -> String {
        guard let node = mapping[key] else { return "" }
        return try Self.text(node, key)
    }

    static func text(_ node: YAMLNode, _ name: String) throws(WebFileProblem) -> String {
        guard case .scalar(let scalar) = node.content else {
            throw WebFileProblem("\(name) has to be a single value", line: node.place.line)
        }
        return scalar.isNull ? "" : scalar.text
    }

    /// Nil when it is not there.
    func boolean(_ key: String) throws(WebFileProblem) -> Bool? {
        guard let node = mapping[key] else { return nil }
        if node.isNull { return false }
        guard case .scalar(let scalar) = node.content, let value = scalar.boolean else {
            throw WebFileProblem("\(key) has to be true or false, without quotes", line: node.place.line)
        }
        return value
    }

    /// Each with its line; nil when it is not there, or nothing is said.
    func list(_ key: String) throws(WebFileProblem) -> [YAMLNode]? {
        guard let node = mapping[key], !node.isNull else { return nil }
        guard case .sequence(let nodes) = node.content else {
            throw WebFileProblem("\(key) has to be a list", line: node.place.line)
        }
        return nodes
    }

    /// One of a fixed set, by its name; nil where it is null, or not there.
    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ kind: String
    ) throws(WebFileProblem) -> Value? {
        guard let node = mapping[key], !node.isNull else { return nil }
        return try Self.choice(node, key, kind)
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode,
        _ name: String,
        _ kind: String
    ) throws(WebFileProblem) -> Value {
        let text = try text(node, name)
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw WebFileProblem("\(name): \"\(text)\" is no \(kind); there are \(known)", line: node.place.line)
        }
        return value
    }
}
