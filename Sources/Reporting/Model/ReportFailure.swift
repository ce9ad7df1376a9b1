import AsyncHTTP

/// Why a report, or a part of it, was not taken.
public struct ReportFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is, to count and to decide by.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The hub was not reached, or broke off.
        case connection
        /// The hub took too long.
        case timeout
        /// What would make us known to the hub cannot be had.
        case credentials
        /// The hub does not know us, or does not let us report: 401, 403.
        case unauthorized
        /// The hub only takes reports of components that are registered, or there is no hub: 404.
        case unregistered
        /// The hub has too much to do: 429, 503.
        case busy
        /// Another answer that says nothing of this report.
        case status
        /// This report will never be taken: 400, 413, 422. It is dropped.
        case refused
        /// The report was taken, but not all of its samples.
        case rejected
    }

    /// What kind of failure it is.
    public let reason: Reason
    /// What happened, in words for a log line.
    public let detail: String

    init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    init(_ error: ClientError) {
        self.init(error.kind == .timeout ? .timeout : .connection, "\(error)")
    }

    /// Whether the same report is sent again later.
    public var isRetried: Bool { reason != .refused && reason != .rejected }

    /// `reason: detail`, in one line.
    public var description: String { "\(reason.rawValue): \(detail)" }
}
