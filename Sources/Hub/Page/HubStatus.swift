import AsyncHTTP
import TelemetryServer

/// Everything that can be said of a hub at one moment: page and JSON are both made of it, and cannot disagree.
struct HubStatus: Sendable {
    /// What the store says of itself.
    struct Stored: Sendable, Hashable {
        var kind: String
        var size = ByteCount.bytes(0)
        var isFull = false
        /// Reports that wait for it.
        var backlog = 0
    }

    enum Phase: Sendable {
        case starting, running, ending
    }

    /// From this part of a limit on it is nearly met.
    private static let nearly = 0.9
    static let longestText = 300
    /// By as much a follower that writes may be behind.
    private static let patience = Duration.seconds(60)

    let subject: HubSubject
    /// Milliseconds since 1970.
    let now: Int64
    /// How long the program runs.
    let uptime: Duration
    let condition: HubCondition
    /// What is worst comes first.
    let problems: [HubProblem]
    let components: ShownComponents
    let series: Int
    let store: Stored
    /// Nil where reports are kept in the store alone.
    let history: FollowedHistory?
    let recent: ReportActivity.Recent
    /// Whether somebody else reports than the hub itself.
    let isUsed: Bool

    init(
        _ subject: HubSubject,
        _ known: [KnownComponent],
        _ store: Stored,
        _ history: FollowedHistory?,
        _ recent: ReportActivity.Recent,
        _ phase: Phase,
        uptime: Duration,
        at now: Int64
    ) {
        self.subject = subject
        self.now = now
        self.uptime = uptime
        self.store = store
        self.history = history
        self.recent = recent
        components = ShownComponents(known)
        series = known.reduce(0) { $0 + $1.series }
        isUsed = known.contains { $0.component != subject.own }
        let problems =
            Self.problems(subject, known, store, recent, reporting: components.reporting, series: series)
            + (history.map { Self.problems($0.follower, at: now) } ?? [])
        self.problems = problems.filter(\.isLoss) + problems.filter { !$0.isLoss }
        switch phase {
        case .starting: condition = .starting
        case .ending: condition = .ending
        case .running where problems.contains(where: \.isLoss): condition = .refusing
        case .running where !problems.isEmpty: condition = .troubled
        case .running: condition = isUsed ? .taking : .waiting
        }
    }

    private static func problems(
        _ subject: HubSubject,
        _ known: [KnownComponent],
        _ store: Stored,
        _ recent: ReportActivity.Recent,
        reporting: Int,
        series: Int
    ) -> [HubProblem] {
        let limits = subject.limits
        var problems: [HubProblem] = []
        if store.isFull { problems.append(.storeFull) }
        if store.backlog * 2 >= subject.waitingReports { problems.append(.storeBehind(reports: store.backlog)) }
        if isNear(series, limits.series) { problems.append(.series(series, limit: limits.series)) }
        if isNear(reporting, limits.components) { problems.append(.components(reporting, limit: limits.components)) }
        if let most = known.max(by: { $0.series < $1.series }), isNear(most.series, limits.seriesOfComponent) {
            problems.append(
                .seriesOfComponent(most.component.name, most.series, limit: limits.seriesOfComponent)
            )
        }
        problems += subject.warnings().map(HubProblem.warning)
        let refused = recent.refused
        if !refused.isEmpty {
            let count = refused.reduce(0) { $0 + $1.count }
            let what = refused.map { "\(ReadableNumber.text($0.count)) \($0.result.words)" }.joined(separator: ", ")
            problems.append(.refused(count: Int(count), what: what, lately: recent.time))
        }
        return problems
    }

    private static func problems(_ follower: FollowerStatus, at now: Int64) -> [HubProblem] {
        var problems: [HubProblem] = []
        let lag = follower.lag(at: now)
        if let failure = follower.failure {
            problems.append(.historyWaits(reports: follower.unread, lag: lag, failure: failure))
        } else if lag > patience {
            problems.append(.historyBehind(lag: lag))
        }
        if let failure = follower.upkeepFailure {
            problems.append(.warning("The history's tables are not tended: \(failure)"))
        }
        if follower.written.refused > 0 { problems.append(.rowsRefused(follower.written.refused)) }
        return problems
    }

    private static func isNear(_ count: Int, _ limit: Int) -> Bool { Double(count) >= Double(limit) * nearly }
}

extension HubStatus {
    /// What is to be known at once.
    var sentence: String {
        switch condition {
        case .starting: return "The log is being read: what was exported before comes back in a moment."
        case .ending: return "It has been asked to end."
        case .waiting:
            return components.total == 0 ? "Nobody has reported yet." : "Nobody has reported yet but the hub itself."
        case .refusing: return "Of what is sent now, some is not kept."
        case .taking, .troubled:
            let silent = components.silent == 0 ? "" : ", \(components.silent) silent"
            return
                "\(components.reporting) \(components.reporting == 1 ? "component reports" : "components report")\(silent)."
        }
    }
}

extension ReportResult {
    /// What was wrong with such a report.
    fileprivate var words: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "sent before"
        case .rejected: "without a good sample"
        case .malformed: "malformed"
        case .tooLarge: "too large"
        case .tooFast: "too soon"
        case .unregistered: "of components that are not registered"
        case .forbidden: "of components that the sender may not speak for"
        case .unavailable: "not kept by the store"
        }
    }
}
