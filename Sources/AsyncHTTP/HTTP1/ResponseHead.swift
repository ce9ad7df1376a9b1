/// A response without its body.
public struct ResponseHead: Sendable {
    /// How the end of the body is found (RFC 9112 section 6.3).
    public enum Framing: Sendable, Hashable {
        /// No byte follows the head. A `Content-Length` of 0 is this.
        case none
        /// So many bytes follow, more than 0.
        case length(Int)
        /// Chunks follow, up to the last one and its trailers.
        case chunked
        /// All bytes up to the connection's end: a body that was cut short looks like a whole one.
        case untilClose
    }

    /// What the server speaks; any minor version above 0 is 1.1.
    public let version: HTTPVersion
    /// The status code, 100...999.
    public let status: Int
    /// The header fields, framing included.
    public let fields: HeaderFields
    /// How the end of the body is found.
    public let framing: Framing
    /// Whether the connection can carry another request after the body.
    public let keepAlive: Bool
    private let reasonRange: Range<Int>

    init(
        version: HTTPVersion,
        status: Int,
        reason: Range<Int>,
        fields: HeaderFields,
        facts: MessageFacts,
        requestMethod: HTTPMethod
    ) {
        self.version = version
        self.status = status
        self.fields = fields
        reasonRange = reason
        framing = Framing(facts, status: status, requestMethod: requestMethod)
        keepAlive = facts.keepsAlive(version) && framing != .untilClose
    }

    /// The reason phrase, which means nothing (RFC 9112 section 4) but helps in a message.
    public var reason: String { fields.string(reasonRange) }

    /// Whether the real answer is still to come (RFC 9110 section 15.2).
    public var isInformational: Bool { status < 200 }
}

extension ResponseHead.Framing {
    /// RFC 9112 section 6.3, in its order.
    fileprivate init(_ facts: MessageFacts, status: Int, requestMethod: HTTPMethod) {
        if requestMethod == .head || status < 200 || status == 204 || status == 304 {
            self = .none
        } else if requestMethod == .connect, (200..<300).contains(status) {
            self = .none
        } else if facts.isChunked {
            self = .chunked
        } else if let length = facts.contentLength {
            self = length == 0 ? .none : .length(length)
        } else {
            self = .untilClose
        }
    }
}
