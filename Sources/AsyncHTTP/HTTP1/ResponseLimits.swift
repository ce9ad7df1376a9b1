/// How much of a response head a client takes before it gives up.
public struct ResponseLimits: Sendable, Hashable {
    /// Bytes of the status line without its CRLF.
    public var statusLine: Int
    /// Bytes of all field lines, their CRLFs included.
    public var headerBytes: Int
    /// Field lines.
    public var headerCount: Int

    /// The limits for an ordinary server's answers; a value below 0 is as 0.
    public init(statusLine: Int = 8 * 1024, headerBytes: Int = 16 * 1024, headerCount: Int = 100) {
        self.statusLine = statusLine
        self.headerBytes = headerBytes
        self.headerCount = headerCount
    }
}
