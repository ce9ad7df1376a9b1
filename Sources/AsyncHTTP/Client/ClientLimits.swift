/// Every bound of a client. A server that goes beyond one is an error, and its connection is closed.
public struct ClientLimits: Sendable {
    /// From the start of a request to an open connection, name resolution included.
    public var connectTimeout = Duration.seconds(1)
    /// From the request's last byte to the answer's first.
    public var firstByteTimeout = Duration.seconds(5)
    /// The whole exchange, with redirects and the retry.
    public var totalTimeout = Duration.seconds(5)
    /// The status line and the header block.
    public var response = ResponseLimits()
    /// The framing of chunked bodies.
    public var chunks = ChunkLimits()
    /// The body of an answer, after chunked framing has been taken off.
    public var body = ByteCount.mebibytes(1)
    /// Answers of the kind 1xx before the real one.
    public var informationalAnswers = 8
    /// Redirects that are followed, to the same host.
    public var redirects = 3
    /// How long the addresses of a name are used again without asking.
    public var nameLifetime = Duration.seconds(30)

    /// The limits for asking a small server nearby; change what does not fit.
    public init() {}
}
