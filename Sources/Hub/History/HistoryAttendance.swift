import AsyncHTTP
import Cache

/// Whether the database can be asked. A query does not wait for one that was not there when it was last tried.
struct HistoryAttendance {
    /// What a query does.
    enum Advice: Hashable {
        /// Ask; connect first, if nobody has.
        case ask
        /// Ask the log, for this reason, and let somebody try to connect meanwhile.
        case attempt(HistoryAbsence)
        /// Ask the log.
        case leave(HistoryAbsence)
    }

    private enum State {
        case unknown
        case there
        case away(HistoryAbsence, until: MonotonicInstant)
        case trying(HistoryAbsence, since: MonotonicInstant)
    }

    private let backoff: Backoff
    private var state = State.unknown
    private var failures = 0
    private var generator = SystemRandomNumberGenerator()

    init(_ backoff: Backoff) {
        self.backoff = backoff
    }

    /// - Parameter now: the moment of the query.
    mutating func advice(at now: MonotonicInstant) -> Advice {
        switch state {
        case .unknown, .there: return .ask
        case .trying(let absence, _): return .leave(absence)
        case .away(let absence, let end):
            if now < end { return .leave(absence) }
            state = .trying(absence, since: now)
            return .attempt(absence)
        }
    }

    /// Since when somebody has been trying to connect.
    var attemptBegan: MonotonicInstant? {
        if case .trying(_, let since) = state { since } else { nil }
    }

    /// Why it cannot be asked; nil when it can, or nobody knows.
    var absence: HistoryAbsence? {
        switch state {
        case .away(let absence, _), .trying(let absence, _): absence
        case .unknown, .there: nil
        }
    }

    mutating func succeeded() {
        state = .there
        failures = 0
    }

    mutating func failed(_ absence: HistoryAbsence, at now: MonotonicInstant) {
        failures = min(failures + 1, 1000)
        state = .away(absence, until: now.advanced(by: backoff.wait(afterFailures: failures, using: &generator)))
    }
}
