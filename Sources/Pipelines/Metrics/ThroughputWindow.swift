/// How many records a second there were lately. Whoever tells of records needs no clock: time is read when it is asked.
struct ThroughputWindow: Sendable {
    /// How many records there had been at a moment.
    private struct Mark {
        let instant: ContinuousClock.Instant
        let records: UInt64
    }

    /// How many marks a window has: how finely it moves on.
    private static let marksInWindow = 10

    private let window: Duration
    /// In the order of time; the first is the one that a rate is computed from.
    private var marks: [Mark]
    /// Goes round rather than trap: only differences are used.
    private var records: UInt64 = 0

    /// - Parameter window: one of at least a second, whatever is given.
    init(window: Duration, since start: ContinuousClock.Instant) {
        self.window = max(window, .seconds(1))
        marks = [Mark(instant: start, records: 0)]
    }

    mutating func add(_ records: UInt64) { self.records &+= records }

    /// The records of the last window, by its length. When it was asked last before the window began, it is since then.
    mutating func rate(at now: ContinuousClock.Instant) -> Double {
        if let last = marks.last, last.instant.duration(to: now) >= window / Self.marksInWindow {
            marks.append(Mark(instant: now, records: records))
        }
        while marks.count > 1, marks[1].instant.duration(to: now) >= window { marks.removeFirst() }
        let base = marks[0]
        let elapsed = max(base.instant.duration(to: now), window)
        return Double(records &- base.records) / (elapsed / .seconds(1))
    }
}
