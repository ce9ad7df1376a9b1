package import AsyncHTTP

/// Decides which of many failures in a row are worth a line: the first, each that differs from the one before, and one a
/// minute of those that go on.
package struct RepeatedFailure: Sendable {
    package enum Report: Hashable {
        /// It is new, or not what it was.
        case first
        /// So many times since it was last reported.
        case repeated(Int)
    }

    /// Between two lines about the same.
    private static let interval = Duration.seconds(60)

    private var current: String?
    private var reportedAt = MonotonicInstant(nanoseconds: 0)
    private var unreported = 0

    package init() {}

    /// - Parameter key: what makes it the same failure.
    package mutating func failed(_ key: String, at now: MonotonicInstant) -> Report? {
        if key != current {
            current = key
            reportedAt = now
            unreported = 0
            return .first
        }
        unreported &+= 1
        guard reportedAt.duration(to: now) >= Self.interval else { return nil }
        defer { unreported = 0 }
        reportedAt = now
        return .repeated(unreported)
    }

    /// - Returns: whether a failure has just ended.
    package mutating func succeeded() -> Bool {
        defer { current = nil }
        return current != nil
    }
}
