/// What the agent is doing, by its own word or by its silence.
enum AgentState: String, Sendable, Hashable, CaseIterable {
    case running
    case pendingShutdown = "pending_shutdown"
    case shuttingDown = "shutting_down"
    case stopped
    /// It says something that is not known here, or nothing that can be read.
    case unknown
    case unreachable

    /// From the agent's `agentStatus`, whatever its case.
    init(status: String?) {
        // Letters of the alphabet only: what becomes a capital in other scripts is another word.
        let capitals = status?.utf8.map { $0 &- UInt8(ascii: "a") < 26 ? $0 ^ 0x20 : $0 }
        switch capitals.map({ String(decoding: $0, as: UTF8.self) }) {
        case "RUNNING": self = .running
        case "PENDING_SHUTDOWN": self = .pendingShutdown
        case "SHUTTING_DOWN": self = .shuttingDown
        case "STOPPED": self = .stopped
        default: self = .unknown
        }
    }

    /// As the agent itself would write it.
    var word: String { rawValue.uppercased() }

    var isEnding: Bool { self == .pendingShutdown || self == .shuttingDown }
}
