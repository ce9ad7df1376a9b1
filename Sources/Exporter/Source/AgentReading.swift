import Service

/// What the agent has said in one answer. What it left out, or wrote in a way that cannot be read, is nil.
struct AgentReading: Sendable, Hashable {
    var version: String?
    var commitHash: String?
    var buildTimestamp: String?
    var status: String?
    var activeTasks: Double?
    var activeRequests: Double?
    var openSessions: Double?
    /// By the number of the mapping.
    var gauges: [Double?] = []
    /// The keys whose values were not what they should be.
    var invalidFields: [String] = []

    /// The same, without what it repeats of secrets: its texts become labels.
    func hidden(by filter: SecretFilter) -> AgentReading {
        if filter.isEmpty { return self }
        var reading = self
        reading.version = version.map(filter.shown)
        reading.commitHash = commitHash.map(filter.shown)
        reading.buildTimestamp = buildTimestamp.map(filter.shown)
        reading.status = status.map(filter.shown)
        return reading
    }

    var state: AgentState { AgentState(status: status) }
}
