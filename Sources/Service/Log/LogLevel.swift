package import Flags

/// How important an event is.
package enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug
    case info
    case warn
    case error

    /// As a flag gives it; other programs say `warning`.
    package init(flag text: String) throws(ValueProblem) {
        self = text.lowercased() == "warning" ? .warn : try Values.choice(text)
    }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        }
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}

package enum LogFormat: String, Sendable, Hashable, CaseIterable {
    case logfmt
    case json
}
