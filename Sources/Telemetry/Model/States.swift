/// The states that something can be in, in the order in which they are printed.
public struct States: Sendable, Hashable {
    /// What the states are called.
    public let names: [String]

    /// States of these names: any text, but at least one, and none twice.
    public init(_ names: [String]) throws(MetricsError) {
        // Compared as they are printed: two spellings of `é` are two states to a reader.
        let isDistinct = Set(names.map { Array($0.utf8) }).count == names.count
        guard !names.isEmpty, isDistinct else { throw .invalidStates(names) }
        self.names = names
    }
}
