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

    var state: AgentState { AgentState(status: status) }
}
