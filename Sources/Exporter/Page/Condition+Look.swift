import TelemetryServer

/// How a condition looks: to those who see colours, and to those who see none.
extension Condition {
    var tone: PageTone {
        switch self {
        case .starting, .stopped: .none
        case .running: .good
        case .pendingShutdown, .shuttingDown, .unknown, .held: .warn
        case .unreadable, .unreachable: .bad
        }
    }

    var svg: String { shape.svg(tone) }

    private var shape: PageShape {
        switch self {
        case .starting: .dots
        case .running: .tick
        case .stopped: .square
        case .pendingShutdown: .hourglass
        case .shuttingDown: .down
        case .unknown: .question
        case .held: .exclamation
        case .unreadable: .brackets
        case .unreachable: .stop
        }
    }
}
