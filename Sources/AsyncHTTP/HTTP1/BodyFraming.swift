/// How the end of a request's body is found (RFC 9112 section 6).
public enum BodyFraming: Sendable, Hashable {
    /// No byte follows the head. A `Content-Length` of 0 is this.
    case none
    /// So many bytes follow, more than 0.
    case length(Int)
    /// Chunks follow, up to the last one and its trailers.
    case chunked
}
