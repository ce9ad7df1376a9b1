/// The two versions of HTTP that a peer may speak (RFC 9112 section 2.3).
public enum HTTPVersion: Sendable, Hashable {
    /// A connection is closed after each answer unless both sides say otherwise, and nothing is chunked.
    case http10
    /// Connections are kept, and `Host` is required. Answers of a higher minor version count as this.
    case http11
}
