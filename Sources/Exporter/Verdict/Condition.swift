/// What is the matter, in a word: the agent's own state, or how its word came to be missing. The later a case stands here, the
/// worse it is.
enum Condition: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The first poll is under way.
    case starting
    case running
    case stopped
    case pendingShutdown = "pending_shutdown"
    case shuttingDown = "shutting_down"
    /// It says a status that is not known here, or none.
    case unknown
    /// Polls fail, and its last good reading still stands.
    case held
    /// It answers with something that cannot be read, and no reading stands any more.
    case unreadable
    /// It does not answer as it should, and no reading stands any more.
    case unreachable

    init(_ verdict: Verdict) {
        guard verdict.hasPolled else {
            self = .starting
            return
        }
        guard verdict.reading != nil else {
            self = verdict.failure?.reason == .invalidJSON ? .unreadable : .unreachable
            return
        }
        guard verdict.isUp else {
            self = .held
            return
        }
        switch verdict.state {
        case .running: self = .running
        case .pendingShutdown: self = .pendingShutdown
        case .shuttingDown: self = .shuttingDown
        case .stopped: self = .stopped
        case .unknown, .unreachable: self = .unknown
        }
    }

    var word: String {
        switch self {
        case .starting: "Starting"
        case .running: "Running"
        case .stopped: "Stopped"
        case .pendingShutdown: "Pending shutdown"
        case .shuttingDown: "Shutting down"
        case .unknown: "Unknown status"
        case .held: "Polls fail"
        case .unreadable: "Unreadable"
        case .unreachable: "Unreachable"
        }
    }

    /// Polls fail.
    var isFailing: Bool { self >= .held }

    static func < (left: Condition, right: Condition) -> Bool { left.severity < right.severity }

    private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
