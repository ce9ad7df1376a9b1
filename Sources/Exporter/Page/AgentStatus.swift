import AsyncHTTP
import Cache
import JSON
import Telemetry

/// Everything that can be said of an agent at one moment: page and JSON are both made of it, and cannot disagree.
struct AgentStatus: Sendable {
    /// What there is to see of the values.
    enum Standing: String, Sendable, Hashable {
        /// They are what the last poll brought.
        case current
        /// They are the last good ones, and exported still.
        case held
        /// They are the last good ones, if there are any; 0 is exported.
        case replaced
        /// They are the last good ones, if there are any; nothing is exported.
        case withdrawn
    }

    /// One of the three counts.
    struct Count: Sendable, Hashable {
        let count: AgentCount
        /// What the agent has said last; nil when it did not say it.
        let said: Double?
        /// What is exported now; nil when it is left out.
        let exported: Double?
        /// It has answered, and has not said this.
        let isMissing: Bool
        let capacity: Int?
        /// The last ten minutes.
        let past: [Double?]
    }

    struct Gauge: Sendable, Hashable {
        let name: String
        let value: Double?
    }

    /// What the exporter counts of its polls.
    struct Polls: Sendable, Hashable {
        let total: Double
        let failed: Double
        let inARow: Int
        let took: Duration?
    }

    static let longestText = 300
    /// Of what is shown of a version or a status.
    static let longestWord = Verdict.longestWord

    let subject: StatusSubject
    let now: Occasion
    let condition: Condition
    let since: Occasion
    let events: [Timeline.Event]
    let band: [Condition?]
    let verdict: Verdict
    /// Why the last poll failed; nil when it did not.
    let error: String?
    /// A status that is not known here, as it came.
    let reported: String?
    let standing: Standing
    /// The last good reading and when it came; nil when there was none.
    let lastGood: (reading: AgentReading, at: Occasion)?
    let counts: [Count]
    let gauges: [Gauge]
    let polls: Polls
    /// Nil when a poll is under way.
    let nextPoll: Occasion?
    /// When the values that are shown cease to be exported if no poll succeeds until then.
    let expiry: Occasion?

    init(_ moment: Moment, _ subject: StatusSubject, history: History, metrics: ExporterMetrics, at now: Occasion) {
        let past = history.points(at: now.instant)
        self.init(moment.verdict, moment.timeline, subject, history: past, metrics: metrics, at: now)
    }

    init(
        _ verdict: Verdict,
        _ timeline: Timeline,
        _ subject: StatusSubject,
        history: [History.Point?],
        metrics: ExporterMetrics,
        at now: Occasion
    ) {
        self.subject = subject
        self.now = now
        self.verdict = verdict
        condition = timeline.condition
        since = timeline.since
        events = timeline.events
        band = timeline.band.conditions(at: now.instant)
        error = verdict.failure?.description.cut(toBytes: Self.longestText)
        reported = verdict.reported
        let last = verdict.polls.reading
        lastGood = last.map { ($0.value, Occasion($0.instant, sinceEpoch: $0.sinceEpoch)) }
        switch verdict.standing {
        case .reading: standing = verdict.isUp ? .current : .held
        case .defaults: standing = .replaced
        case .absent: standing = .withdrawn
        }
        counts = AgentCount.allCases.map { count in
            let shown = verdict.values
            let missing = verdict.omitsMissing ? nil : shown.map { _ in 0.0 }
            return Count(
                count: count,
                said: last?.value[count],
                exported: shown?[count] ?? missing,
                isMissing: last.map { $0.value[count] == nil } ?? false,
                capacity: subject.capacities[count],
                past: history.map { $0?[count] }
            )
        }
        gauges = subject.gauges.enumerated().map { index, name in
            let values = last?.value.gauges ?? []
            return Gauge(name: name, value: values.indices.contains(index) ? values[index] : nil)
        }
        let attempt = verdict.polls.lastAttempt
        polls = Polls(
            total: metrics.polls.value,
            failed: metrics.failureCount,
            inARow: verdict.polls.consecutiveFailures,
            took: attempt.map { $0.started.duration(to: $0.finished) }
        )
        let next = attempt.map { now.at($0.finished.advanced(by: verdict.polls.wait)) }
        nextPoll = next.flatMap { now.duration(to: $0) > .zero ? $0 : nil }
        // A reading stands, however old, until a poll fails.
        let end = verdict.reading == nil ? nil : last?.instant.advanced(by: subject.rules.maxAge)
        expiry = end.map { max(now.instant, $0) }.map(now.at)
    }
}

extension AgentCount {
    /// As a heading.
    var title: String {
        switch self {
        case .tasks: "Tasks"
        case .requests: "Requests"
        case .sessions: "Sessions"
        }
    }
}
