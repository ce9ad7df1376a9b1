/// How much of a request head is taken before it is refused.
public struct RequestLimits: Sendable, Hashable {
    /// Bytes of the request line without its CRLF; one more is 414.
    public var requestLine: Int
    /// Bytes of all field lines, their CRLFs included; one more is 431.
    public var headerBytes: Int
    /// Field lines; one more is 431.
    public var headerCount: Int
    /// Empty lines taken before the request line (RFC 9112 section 2.2); one more is 400.
    public var leadingEmptyLines: Int

    /// The limits that most servers have; a value below 0 is as 0.
    public init(
        requestLine: Int = 8 * 1024,
        headerBytes: Int = 16 * 1024,
        headerCount: Int = 100,
        leadingEmptyLines: Int = 4
    ) {
        self.requestLine = requestLine
        self.headerBytes = headerBytes
        self.headerCount = headerCount
        self.leadingEmptyLines = leadingEmptyLines
    }

    /// No head may be longer, whatever the limits say: offsets into it are kept in 32 bits.
    static let ceiling = 1 << 30
}
