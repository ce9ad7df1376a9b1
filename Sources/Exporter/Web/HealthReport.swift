import AsyncHTTP
import Cache
import Flags
import JSON

/// What the health endpoints say at one moment.
struct HealthReport {
    /// A polling loop that has not been seen for so long does not run any more.
    static let longestSilence = Duration.seconds(15)
    /// `/health` fails after more failures in a row than this, as the older sidecar did.
    static let toleratedFailures = 10

    let isAlive: Bool
    let isReady: Bool
    let isDraining: Bool
    let consecutiveFailures: Int
    private let view: AgentView
    private let age: Duration?
    private let lastError: String?

    init(_ status: ExporterStatus, _ configuration: Configuration, at now: MonotonicInstant = .now) {
        let polls = status.polls.read()
        let agent = configuration.agent
        isAlive = status.silence(at: now) < Self.longestSilence
        isDraining = status.isDraining
        consecutiveFailures = polls.consecutiveFailures
        view = AgentView(polls, maxAge: agent.maxAge, fallback: agent.fallback, at: now)
        age = polls.age(at: now)
        lastError = polls.lastAttempt?.failure.map { PollFailure($0).description }
        let hasWhatItNeeds =
            switch configuration.web.readyRequires {
            case .poll: polls.lastAttempt != nil
            case .data: polls.age(at: now).map { $0 <= agent.maxAge } ?? false
            }
        isReady = hasWhatItNeeds && !isDraining
    }

    var json: String {
        let status = !isAlive ? "stalled" : isDraining ? "draining" : "ok"
        let age = age.map { JSONText.number($0.wholeMilliseconds) } ?? "null"
        let error = lastError.map { JSONText.quoted($0.cut(toBytes: 512)) } ?? "null"
        return "{\"status\":\"\(status)\",\"ready\":\(isReady),\"agent\":{"
            + "\"state\":\"\(view.state.word)\",\"up\":\(view.isUp),\"age_seconds\":\(age),"
            + "\"consecutive_failures\":\(consecutiveFailures),\"last_error\":\(error)}}"
    }
}
