/// The two versions of HTTP that a peer may speak (RFC 9112 section 2.3).
public enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
}
