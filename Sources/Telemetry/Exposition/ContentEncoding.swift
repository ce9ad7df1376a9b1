/// How a body is encoded on the way.
public enum ContentEncoding: String, Sendable, Hashable, CaseIterable {
    /// As it is; no `Content-Encoding` is sent.
    case identity
    /// As one member of RFC 1952.
    case gzip

    /// The value of `Content-Encoding`; `nil` if there is to be none.
    public var token: String? {
        switch self {
        case .identity: nil
        case .gzip: rawValue
        }
    }
}
