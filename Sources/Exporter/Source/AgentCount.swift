/// What an agent counts.
enum AgentCount: String, Sendable, Hashable, CaseIterable {
    case tasks
    case requests
    case sessions

    /// The key under which an agent says it.
    var key: String {
        switch self {
        case .tasks: "activeTaskCount"
        case .requests: "activeRequestCount"
        case .sessions: "openSessionsCount"
        }
    }
}

extension AgentReading {
    subscript(count: AgentCount) -> Double? {
        switch count {
        case .tasks: activeTasks
        case .requests: activeRequests
        case .sessions: openSessions
        }
    }

    /// The counts that it does not say, or not so that they can be read.
    var missingCounts: [AgentCount] { AgentCount.allCases.filter { self[$0] == nil } }
}
