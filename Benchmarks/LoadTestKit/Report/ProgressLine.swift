import Service

/// The line that a terminal shows while a run is under way.
enum ProgressLine {
    private static let barWidth = 24
    /// Back to the line's beginning, and away with what stood there.
    static let erase = "\r\u{1B}[K"

    /// In the place of what stood there. A terminal that is too narrow cuts it off: of two lines, only one could be erased.
    static func shown(_ state: State) -> String { "\(erase)\u{1B}[?7l\(text(state))\u{1B}[?7h" }

    struct State {
        var elapsed: Duration
        var total: Duration
        var isWarmingUp: Bool
        var perSecond: Double
        var answers: UInt64
        var failures: UInt64
        /// After how many the run ends; nil when only time ends it.
        var requests: Int?

        /// How much of it is over, by what ends it first.
        fileprivate var fraction: Double {
            let done = requests.map { Double(answers &+ failures) / Double(max(1, $0)) } ?? 0
            return min(1, max(0, elapsed / total, done))
        }
    }

    static func text(_ state: State) -> String {
        let fraction = state.fraction
        let filled = Int((fraction * Double(barWidth)).rounded(.down))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled)
        let seconds = Quantity.decimal(state.elapsed / .seconds(1), places: 1)
        let start = "[\(bar)] \("\(Int(fraction * 100))".aligned(3)) %  \(seconds) s"
        if state.isWarmingUp { return start + "  warming up" }
        return start + "  \(Quantity.rate(state.perSecond))/s  \(Quantity.count(state.answers)) answers"
            + "  \(Quantity.count(state.failures)) errors"
    }
}
