import TelemetryServer

/// How a hub is, in a word.
enum HubCondition: String, Sendable, CaseIterable {
    /// It reads its log.
    case starting
    /// Nobody has anything to say.
    case waiting
    case taking
    case troubled
    /// Reports are lost.
    case refusing
    /// It has been asked to end.
    case ending

    var word: String {
        switch self {
        case .starting: "Starting"
        case .waiting: "Waiting for reports"
        case .taking: "Taking reports"
        case .troubled: "Needs attention"
        case .refusing: "Refusing reports"
        case .ending: "Ending"
        }
    }

    var tone: PageTone {
        switch self {
        case .starting, .waiting: .none
        case .taking: .good
        case .troubled, .ending: .warn
        case .refusing: .bad
        }
    }

    var svg: String { shape.svg(tone) }

    private var shape: PageShape {
        switch self {
        case .starting: .hourglass
        case .waiting: .dots
        case .taking: .tick
        case .troubled: .exclamation
        case .refusing: .stop
        case .ending: .down
        }
    }
}

extension ComponentState {
    var svg: String {
        switch self {
        case .reporting: PageShape.tick.svg(.good)
        case .silent: PageShape.question.svg(.warn)
        }
    }
}
