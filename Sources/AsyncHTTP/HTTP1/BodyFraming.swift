/// How the end of a request's body is found (RFC 9112 section 6).
public enum BodyFraming: Sendable, Hashable {
    /// No byte follows the head. A `Content-Length` of 0 is this.
    case none
    case length(Int)
    case chunked
}
