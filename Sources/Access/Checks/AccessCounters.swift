import Synchronization

/// How many requests were turned away, by reason.
package struct AccessStatistics: Sendable, Hashable {
    /// They brought no credentials where some are needed.
    package var missing = 0
    /// What they brought is not right.
    package var wrong = 0
    /// Who they are may not do this, or another site sends them.
    package var forbidden = 0
    /// There were too many passwords to check.
    package var busy = 0
    /// They came faster than allowed.
    package var rateLimited = 0
}

/// Counts them, from any thread.
package final class AccessCounters: Sendable {
    enum Reason {
        case missing
        case wrong
        case forbidden
        case busy
        case rateLimited
    }

    private let missing = Atomic<Int>(0)
    private let wrong = Atomic<Int>(0)
    private let forbidden = Atomic<Int>(0)
    private let busy = Atomic<Int>(0)
    private let rateLimited = Atomic<Int>(0)

    package init() {}

    func count(_ reason: Reason) {
        switch reason {
        case .missing: missing.wrappingAdd(1, ordering: .relaxed)
        case .wrong: wrong.wrappingAdd(1, ordering: .relaxed)
        case .forbidden: forbidden.wrappingAdd(1, ordering: .relaxed)
        case .busy: busy.wrappingAdd(1, ordering: .relaxed)
        case .rateLimited: rateLimited.wrappingAdd(1, ordering: .relaxed)
        }
    }

    package var statistics: AccessStatistics {
        AccessStatistics(
            missing: missing.load(ordering: .relaxed),
            wrong: wrong.load(ordering: .relaxed),
            forbidden: forbidden.load(ordering: .relaxed),
            busy: busy.load(ordering: .relaxed),
            rateLimited: rateLimited.load(ordering: .relaxed)
        )
    }
}
