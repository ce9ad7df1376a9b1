/// How much is taken around the payload of a chunked body before it is refused.
public struct ChunkLimits: Sendable, Hashable {
    /// Bytes of the extensions of one chunk, the first semicolon included.
    public var extensionBytes: Int
    /// Bytes of the extensions of all chunks of a body.
    public var totalExtensionBytes: Int
    /// Bytes of all trailer lines, their CRLFs included.
    public var trailerBytes: Int
    /// Trailer lines.
    public var trailerCount: Int

    /// The limits of a server that has never seen an extension or a trailer used; a value below 0 is as 0.
    public init(
        extensionBytes: Int = 1024,
        totalExtensionBytes: Int = 16 * 1024,
        trailerBytes: Int = 16 * 1024,
        trailerCount: Int = 100
    ) {
        self.extensionBytes = extensionBytes
        self.totalExtensionBytes = totalExtensionBytes
        self.trailerBytes = trailerBytes
        self.trailerCount = trailerCount
    }
}
