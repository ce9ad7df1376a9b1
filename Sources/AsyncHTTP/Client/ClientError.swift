/// Why there is no answer.
public struct ClientError: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is, to count and to decide by. The raw value is what messages begin with.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The name has no address, or nobody could be asked.
        case resolve
        /// No address of the server took the connection.
        case connect
        /// The server is not who it should be, or cannot be spoken to in secret.
        case tls
        /// A deadline has passed.
        case timeout
        /// The server has cut the connection.
        case reset
        /// The body is longer than the limit.
        case tooLarge
        /// The answer breaks the rules of HTTP/1.1.
        case malformed
        /// The connection ended before the answer did.
        case closed
        /// The server sends us elsewhere.
        case redirect
        /// The request itself is not valid; nothing was sent.
        case invalidRequest
        /// This process or machine has no descriptor, memory or thread for it: that says nothing about the server.
        case exhausted
        /// The task that wanted the answer was cancelled.
        case cancelled
    }

    /// Whether the server, the network, this machine or the request was to blame.
    public let kind: Kind
    /// What happened, in words for a log line; not for comparing.
    public let detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// - Parameter kind: what the failure is when the server is to blame.
    init(_ kind: Kind, _ error: SystemError) {
        self.init(error.isExhaustion ? .exhausted : kind, "\(error)")
    }

    /// `kind: detail`, in one line.
    public var description: String { "\(kind.rawValue): \(detail)" }
}
