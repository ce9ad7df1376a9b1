/// A request without its body.
public struct RequestHead: Sendable {
    /// What is to be done with the target. `HEAD` is answered as `GET` is, and the server leaves the body out.
    public let method: HTTPMethod
    /// What is asked for, escapes and query and all.
    public let target: RequestTarget
    /// What the client speaks; the answer is HTTP/1.1 all the same (RFC 9110 section 6.2).
    public let version: HTTPVersion
    /// The header fields, those that the server itself has acted on included.
    public let fields: HeaderFields
    /// How the end of the body is found.
    public let framing: BodyFraming
    /// Whether the client wants the connection kept open (RFC 9112 section 9.3).
    public let keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1). False for
    /// HTTP/1.0 and for a request without a body, where nothing must be said.
    public let expectsContinue: Bool

    init(
        method: HTTPMethod,
        target: RequestTarget,
        version: HTTPVersion,
        fields: HeaderFields,
        facts: MessageFacts
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        framing = BodyFraming(facts)
        keepAlive = facts.keepsAlive(version)
        expectsContinue = facts.expectsContinue && version == .http11 && framing != .none
    }

    /// A request without a body, for trying a handler.
    public init(method: HTTPMethod, target: RequestTarget, fields: HeaderFields = HeaderFields()) {
        self.init(method: method, target: target, version: .http11, fields: fields, facts: MessageFacts())
    }
}

extension BodyFraming {
    init(_ facts: MessageFacts) {
        if facts.isChunked {
            self = .chunked
        } else if let length = facts.contentLength, length > 0 {
            self = .length(length)
        } else {
            self = .none
        }
    }
}
