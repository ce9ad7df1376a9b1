import AsyncHTTP
import Cache
import Service

/// Why a poll has brought nothing.
struct PollFailure: Error, Hashable, CustomStringConvertible {
    /// The closed set of `agent_exporter_poll_failures_total{reason}`.
    enum Reason: String, Sendable, Hashable, CaseIterable {
        case resolve
        case connect
        case tls
        case timeout
        case reset
        case status
        case tooLarge = "too_large"
        case malformedHTTP = "malformed_http"
        case invalidJSON = "invalid_json"
        /// What makes us known to it cannot be had: nothing was asked.
        case credentials
    }

    let reason: Reason
    let detail: String
    /// What the agent answered instead of 200.
    let status: Int?
    /// Nobody is there, as opposed to somebody who does not answer well, and to a failure on this side.
    let isAbsence: Bool

    init(_ reason: Reason, _ detail: String, status: Int? = nil) {
        self.reason = reason
        self.detail = detail
        self.status = status
        isAbsence = reason == .connect
    }

    init(_ error: ClientError) {
        detail = error.detail
        status = nil
        reason =
            switch error.kind {
            case .resolve: .resolve
            case .connect, .exhausted: .connect
            case .tls: .tls
            case .timeout, .cancelled: .timeout
            case .reset, .closed: .reset
            case .tooLarge: .tooLarge
            case .malformed, .invalidRequest: .malformedHTTP
            case .redirect: .status
            }
        isAbsence = error.kind == .connect
    }

    init(_ problem: CredentialProblem) {
        reason = .credentials
        detail = "\(problem)"
        status = nil
        isAbsence = false
    }

    /// Its end can be seen without asking the agent anything.
    var mayEndUnasked: Bool { reason == .connect || reason == .credentials }

    /// The same, told without what it repeats of secrets.
    func hidden(by filter: SecretFilter) -> PollFailure {
        PollFailure(reason, filter.shown(detail), status, isAbsence)
    }

    private init(_ reason: Reason, _ detail: String, _ status: Int?, _ isAbsence: Bool) {
        self.reason = reason
        self.detail = detail
        self.status = status
        self.isAbsence = isAbsence
    }

    init(_ failure: RefreshFailure<PollFailure>) {
        switch failure {
        case .fetch(let failure): self = failure
        case .deadlineExceeded: self = PollFailure(.timeout, "the poll took too long")
        }
    }

    var description: String { "\(reason.rawValue): \(detail)" }
}
