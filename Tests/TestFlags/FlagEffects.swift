package import Flags

/// What flags change in a configuration, found by a look at all of its fields.
package struct FlagEffects<Configuration: Sendable>: Sendable {
    private let standard: Configuration
    private let isTaken: @Sendable (Any) -> Bool

    /// - Parameter isTaken: whether a value below the parts of the configuration is taken to pieces, too; others are one field.
    package init(_ standard: Configuration, takingApart isTaken: @escaping @Sendable (Any) -> Bool) {
        self.standard = standard
        self.isTaken = isTaken
    }

    /// The fields that differ from the standard afterwards, by their paths.
    package func changed(_ flag: Flag<Configuration>, to text: String) throws -> [String] {
        var configuration = standard
        try flag.apply(&configuration, [text])
        let (before, after) = (fields(standard), fields(configuration))
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }

    private func fields(_ value: Any, _ path: String = "") -> [String: String] {
        let mirror = Mirror(reflecting: value)
        let isPart = path.split(separator: ".").count <= 1
        guard isPart || isTaken(value), mirror.displayStyle == .struct else { return [path: "\(value)"] }
        return mirror.children.reduce(into: [:]) { found, child in
            let name = path.isEmpty ? child.label ?? "" : "\(path).\(child.label ?? "")"
            found.merge(fields(child.value, name)) { first, _ in first }
        }
    }
}
