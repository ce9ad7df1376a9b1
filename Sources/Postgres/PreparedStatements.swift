/// Statements that a connection's server has planned, by the names that they have there.
struct PreparedStatements {
    /// The server keeps a plan for each: one that is for every day of a year takes megabytes.
    private static let most = 16

    private var names: [String: String] = [:]
    private var count = 0

    var isFull: Bool { names.count >= Self.most }

    /// What the next one is called: no name comes twice, whatever has become of the one before.
    mutating func nextName() -> String {
        count += 1
        return "s\(count)"
    }

    func name(of sql: String) -> String? { names[sql] }

    mutating func add(_ sql: String, as name: String) { names[sql] = name }

    mutating func forget() { names.removeAll() }
}
