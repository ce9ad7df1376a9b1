/// The form of each condition, as inline SVG: whoever sees no colours sees these.
enum ConditionShape {
    static func svg(_ condition: Condition) -> String {
        """
        <svg class="shape \(condition.tone.rawValue)" viewBox="0 0 24 24" aria-hidden="true">\
        <path d="\(path(condition))"/></svg>
        """
    }

    private static let circle = "M2 12a10 10 0 1 1 20 0a10 10 0 1 1-20 0z"

    private static func path(_ condition: Condition) -> String {
        switch condition {
        // Three dots.
        case .starting: circle + "M7 12h.1M12 12h.1M17 12h.1"
        // A tick.
        case .running: circle + "M7 12.5l3.5 3.5 6.5-7.5"
        // A square, in a square.
        case .stopped: "M3 3h18v18H3zM9 9h6v6H9z"
        // An hourglass.
        case .pendingShutdown: "M5 2h14M5 22h14M7 2c0 9 10 11 10 20M17 2c0 9-10 11-10 20"
        // An arrow that goes down.
        case .shuttingDown: circle + "M12 6.5v11M7.5 13l4.5 4.5 4.5-4.5"
        // A question mark in a rhombus.
        case .unknown: "M12 1.5L22.5 12 12 22.5 1.5 12zM9.5 9.5a2.5 2.5 0 1 1 2.5 3v1.5M12 17.5v.1"
        // An exclamation mark in a triangle.
        case .held: "M12 2.5l10.5 18.5h-21zM12 9.5v5.5M12 18v.1"
        // A cross between brackets.
        case .unreadable: "M7 2H3v20h4M17 2h4v20h-4M8.5 8.5l7 7M15.5 8.5l-7 7"
        // A cross in an octagon.
        case .unreachable: "M8 2h8l6 6v8l-6 6H8l-6-6V8zM8.5 8.5l7 7M15.5 8.5l-7 7"
        }
    }
}
