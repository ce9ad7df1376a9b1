/// Statements that a connection's server has planned, by the names that they have there.
struct PreparedStatements {
    private struct Plan {
        let name: String
        var used: Int
    }

    private let limit: Int
    private var plans: [String: Plan] = [:]
    private var made = 0
    private var uses = 0

    /// - Parameter limit: how many the server keeps at once.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// What a statement is called there; nil when it has not been planned.
    mutating func name(of sql: String) -> String? {
        uses += 1
        plans[sql]?.used = uses
        return plans[sql]?.name
    }

    /// The one that was used longest ago, when there is no room for another. It is forgotten here.
    mutating func removeOldest() -> String? {
        guard plans.count >= limit, let oldest = plans.min(by: { $0.value.used < $1.value.used }) else { return nil }
        plans[oldest.key] = nil
        return oldest.value.name
    }

    /// What the next one is called: no name comes twice, whatever has become of the one before.
    mutating func nextName() -> String {
        made += 1
        return "s\(made)"
    }

    mutating func add(_ sql: String, as name: String) {
        plans[sql] = Plan(name: name, used: uses)
    }
}
