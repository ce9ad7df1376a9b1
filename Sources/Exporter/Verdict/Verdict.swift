import AsyncHTTP
import Cache
import JSON

/// What polls have brought so far.
typealias PollState = RefreshState<AgentReading, PollFailure, MonotonicInstant>

/// What may be said of the agent at one moment: its last word while that can be trusted, and afterwards what stands in its place.
/// It is reached once per moment, by one clock; scrapes, page, health and log all say what it says.
struct Verdict: Sendable {
    enum Standing: Sendable, Hashable {
        /// The last good reading, current or held.
        case reading(AgentReading)
        /// 0 and `unknown`.
        case defaults
        /// The values are left out: 0 would read as idle.
        case absent
    }

    /// What it was reached from.
    let polls: PollState
    let freshness: Freshness
    let state: AgentState
    let standing: Standing
    /// Why the last poll failed; nil when it did not.
    let failure: PollFailure?
    /// There is a reading, and it is not older than max-age, whether or not polls fail.
    let isYoung: Bool
    /// What the agent has not said is left out, instead of having the value that stands for it.
    let omitsMissing: Bool
    /// After this moment it would be another, even if nothing happens; nil when time alone changes nothing.
    let lastsUntil: MonotonicInstant?

    init(_ polls: PollState, _ rules: VerdictConfiguration, at now: MonotonicInstant) {
        self.polls = polls
        failure = polls.lastAttempt?.failure.map(PollFailure.init)
        freshness = polls.freshness(maxAge: rules.maxAge, at: now)
        omitsMissing = rules.fallback == .omit
        isYoung = polls.age(at: now).map { $0 <= rules.maxAge } ?? false
        lastsUntil = isYoung ? polls.holdsUntil(maxAge: rules.maxAge) : nil
        if let reading = polls.reading?.value, freshness == .fresh || freshness == .held {
            state = reading.state
            standing = .reading(reading)
            return
        }
        let isUnreadable = failure?.reason == .invalidJSON
        state = isUnreadable ? .unknown : .unreachable
        switch rules.fallback {
        case .auto: standing = isUnreadable ? .defaults : .absent
        case .omit: standing = .absent
        case .zero: standing = .defaults
        }
    }

    /// The last poll succeeded.
    var isUp: Bool { freshness == .fresh }

    /// A poll has finished, either way.
    var hasPolled: Bool { polls.lastAttempt != nil }

    /// The values that are shown: the reading's or the defaults; nil when they are left out.
    var values: AgentReading? {
        switch standing {
        case .reading(let reading): reading
        case .defaults: AgentReading()
        case .absent: nil
        }
    }

    static let longestWord = 80

    /// A status of the agent that is not known here, the beginning of it as it came; nil when there is none.
    var reported: String? {
        guard let reading, reading.state == .unknown else { return nil }
        return reading.status?.cut(toBytes: Self.longestWord)
    }

    /// The agent's own words, as long as they stand.
    var reading: AgentReading? {
        if case .reading(let reading) = standing { reading } else { nil }
    }
}
