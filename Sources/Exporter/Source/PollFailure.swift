import AsyncHTTP
import Cache

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

    init(_ failure: RefreshFailure<PollFailure>) {
        switch failure {
        case .fetch(let failure): self = failure
        case .deadlineExceeded: self = PollFailure(.timeout, "the poll took too long")
        }
    }

    var description: String { "\(reason.rawValue): \(detail)" }
}
