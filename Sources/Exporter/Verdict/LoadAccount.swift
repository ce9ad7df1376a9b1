import AsyncHTTP
import Cache

/// What was seen of an agent over time, from the first poll on: scrapes are far apart, and what happens between them must not be
/// lost. Everything but the peaks only grows. Each account follows from the one before and a verdict.
struct LoadAccount: Sendable {
    /// One of the three counts.
    struct Count: Sendable, Hashable {
        /// The count integrated over the time that was observed, in seconds times what is counted.
        private(set) var integral = 0.0
        /// That time, in seconds: between two polls that followed each other, succeeded, and both said the count.
        private(set) var observed = 0.0
        /// Rises and falls between such polls: at least so many began and ended.
        private(set) var rises = 0.0
        private(set) var falls = 0.0
        private(set) var peak: PeakWindow

        fileprivate mutating func add(
            _ value: Double?,
            after previous: Double?,
            seconds: Double,
            at now: MonotonicInstant
        ) {
            guard let value = value.flatMap(Self.sane) else { return }
            peak.add(value, at: now)
            guard let previous = previous.flatMap(Self.sane) else { return }
            integral += (previous + value) / 2 * seconds
            observed += seconds
            rises += max(0, value - previous)
            falls += max(0, previous - value)
        }

        /// An agent says what it likes; a sum must not go back, nor lose all that was in it.
        private static func sane(_ value: Double) -> Double? {
            value >= 0 && value <= 1e9 ? value : nil
        }
    }

    /// A change of state.
    struct Transition: Sendable, Hashable {
        let from: AgentState
        let to: AgentState

        static let all = AgentState.allCases.flatMap { from in
            AgentState.allCases.filter { $0 != from }.map { Transition(from: from, to: $0) }
        }
    }

    private var counts: [Count]
    /// How long each state was seen, in seconds.
    private(set) var stateSeconds: [AgentState: Double] = [:]
    private(set) var transitions: [Transition: Double] = [:]
    /// What the last verdict said, and when.
    private var last: (state: AgentState, instant: MonotonicInstant)?
    /// The last poll, if it succeeded.
    private var reading: (reading: AgentReading, instant: MonotonicInstant)?
    private var attempts: UInt64 = 0

    /// Nothing has been seen yet.
    init(_ rules: VerdictConfiguration) {
        counts = AgentCount.allCases.map { _ in Count(peak: PeakWindow(rules.peakWindow)) }
    }

    subscript(count: AgentCount) -> Count { counts[AgentCount.allCases.firstIndex(of: count) ?? 0] }

    /// The account with what this verdict adds, which may be the same as the last one at a later moment.
    func after(_ verdict: Verdict, at now: MonotonicInstant) -> LoadAccount {
        guard verdict.hasPolled else { return self }
        var next = self
        next.add(state: verdict.state, at: now)
        if verdict.polls.attempts != attempts { next.add(verdict.polls) }
        return next
    }

    private mutating func add(state: AgentState, at now: MonotonicInstant) {
        if let last {
            stateSeconds[last.state, default: 0] += max(0, last.instant.duration(to: now) / .seconds(1))
            if last.state != state { transitions[Transition(from: last.state, to: state), default: 0] += 1 }
        }
        last = (state, now)
    }

    private mutating func add(_ polls: PollState) {
        defer { attempts = polls.attempts }
        guard polls.consecutiveFailures == 0, let latest = polls.reading else {
            reading = nil
            return
        }
        let previous = polls.attempts == attempts &+ 1 ? reading : nil
        reading = (latest.value, latest.instant)
        let seconds = previous.map { max(0, $0.instant.duration(to: latest.instant) / .seconds(1)) } ?? 0
        for (index, count) in AgentCount.allCases.enumerated() {
            counts[index].add(
                latest.value[count],
                after: previous?.reading[count],
                seconds: seconds,
                at: latest.instant
            )
        }
    }
}
