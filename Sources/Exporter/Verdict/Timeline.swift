import JSON

/// What has happened to an agent lately: its condition and since when, the last events, and the last hour. Each timeline follows
/// from the one before and a verdict; it has a bounded size, whatever an agent does.
struct Timeline: Sendable {
    /// Something that has changed.
    struct Event: Sendable, Hashable {
        let condition: Condition
        let text: String
        /// When it happened for the last time, and for the first.
        fileprivate(set) var latest: Occasion
        let first: Occasion
        /// How often of late: an agent that changes its mind each second is to leave room for what else was.
        fileprivate(set) var times = 1
    }

    /// What makes an event when it changes. Details of a failure may differ from poll to poll, by the agent's will, too.
    private struct Cause: Sendable, Hashable {
        let condition: Condition
        var reason: PollFailure.Reason?
        var status: Int?
        var reported: String?
    }

    static let kept = 10
    private static let longestText = 200
    /// What happens again within this time is the same event once more.
    private static let flapping = Duration.seconds(20)

    private(set) var condition: Condition
    /// When the condition began.
    private(set) var since: Occasion
    /// The newest first.
    private(set) var events: [Event] = []
    private(set) var band = StateBand()
    private var cause: Cause

    /// - Parameter verdict: the first one.
    init(_ verdict: Verdict, at now: Occasion) {
        condition = Condition(verdict)
        cause = Self.cause(verdict, condition)
        since = now
        band.note(condition, at: now.instant)
        add(verdict, before: nil, at: now)
    }

    /// The timeline with what this verdict adds, which may be the same as the last one at a later moment.
    func after(_ verdict: Verdict, at now: Occasion) -> Timeline {
        var next = self
        let before = condition
        next.condition = Condition(verdict)
        next.band.note(next.condition, at: now.instant)
        if next.condition != before { next.since = now }
        let cause = Self.cause(verdict, next.condition)
        if cause != self.cause {
            next.cause = cause
            next.add(verdict, before: before, at: now)
        }
        return next
    }

    private static func cause(_ verdict: Verdict, _ condition: Condition) -> Cause {
        guard condition.isFailing else {
            return Cause(condition: condition, reported: condition == .unknown ? verdict.reported : nil)
        }
        return Cause(condition: condition, reason: verdict.failure?.reason, status: verdict.failure?.status)
    }

    private mutating func add(_ verdict: Verdict, before: Condition?, at now: Occasion) {
        let text = Self.text(verdict, condition, before)
        var event = Event(condition: condition, text: text, latest: now, first: now)
        if let index = events.firstIndex(where: { $0.condition == condition && $0.text == text }),
            events[index].latest.duration(to: now) < Self.flapping
        {
            event = events.remove(at: index)
            event.latest = now
            event.times = event.times == .max ? .max : event.times + 1
        }
        events.insert(event, at: 0)
        if events.count > Self.kept { events.removeLast() }
    }

    private static func text(_ verdict: Verdict, _ condition: Condition, _ before: Condition?) -> String {
        let failure = verdict.failure?.description.cut(toBytes: longestText) ?? "no poll has succeeded"
        switch condition {
        case .starting: return "The exporter has started"
        case .running: return before?.isFailing == true ? "Running again" : "Running"
        case .stopped, .pendingShutdown, .shuttingDown: return condition.word
        case .unknown:
            guard let reported = verdict.reported else { return "The agent says no status" }
            return "The agent says \(reported), which is not known here"
        case .held: return "Polls fail: \(failure)"
        case .unreadable, .unreachable: return "\(condition.word): \(failure)"
        }
    }
}
