/// Forms that say what colours say, as inline SVG: whoever sees no colours sees these.
package enum PageShape: Sendable, Hashable, CaseIterable {
    /// Three dots in a circle: not yet.
    case dots
    /// A tick in a circle.
    case tick
    /// A square in a square.
    case square
    case hourglass
    /// An arrow that goes down, in a circle.
    case down
    /// A question mark in a rhombus.
    case question
    /// An exclamation mark in a triangle.
    case exclamation
    /// A cross between brackets.
    case brackets
    /// A cross in an octagon.
    case stop

    package func svg(_ tone: PageTone) -> String {
        """
        <svg class="shape \(tone.rawValue)" viewBox="0 0 24 24" aria-hidden="true"><path d="\(path)"/></svg>
        """
    }

    private static let circle = "M2 12a10 10 0 1 1 20 0a10 10 0 1 1-20 0z"

    private var path: String {
        switch self {
        case .dots: Self.circle + "M7 12h.1M12 12h.1M17 12h.1"
        case .tick: Self.circle + "M7 12.5l3.5 3.5 6.5-7.5"
        case .square: "M3 3h18v18H3zM9 9h6v6H9z"
        case .hourglass: "M5 2h14M5 22h14M7 2c0 9 10 11 10 20M17 2c0 9-10 11-10 20"
        case .down: Self.circle + "M12 6.5v11M7.5 13l4.5 4.5 4.5-4.5"
        case .question: "M12 1.5L22.5 12 12 22.5 1.5 12zM9.5 9.5a2.5 2.5 0 1 1 2.5 3v1.5M12 17.5v.1"
        case .exclamation: "M12 2.5l10.5 18.5h-21zM12 9.5v5.5M12 18v.1"
        case .brackets: "M7 2H3v20h4M17 2h4v20h-4M8.5 8.5l7 7M15.5 8.5l-7 7"
        case .stop: "M8 2h8l6 6v8l-6 6H8l-6-6V8zM8.5 8.5l7 7M15.5 8.5l-7 7"
        }
    }
}
