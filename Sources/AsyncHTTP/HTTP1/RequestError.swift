/// The rule that a request broke. Nothing after it on the connection can be trusted.
public enum RequestError: Error, Sendable, Hashable {
    /// More empty lines than the limit before the request line (RFC 9112 section 2.2).
    case tooManyEmptyLines
    /// LF without CR: lenient readers see a line end there, strict ones do not.
    case bareLineFeed
    /// CR without LF, which must never be read as a line end (RFC 9112 section 2.2).
    case bareCarriageReturn
    /// The line is longer than the limit; a server answers 414.
    case requestLineTooLong
    /// The method is empty or holds something that is no `token` character, as the first bytes of TLS do.
    case invalidMethod
    /// A method that is not among `HTTPMethod`; a server answers 501.
    case unknownMethod
    /// The target holds a character that has to be escaped, such as a space or a fragment's `#`.
    case invalidTarget
    /// A percent sign is not followed by two hexadecimal digits, or stands for NUL.
    case invalidEscape
    /// `*` for another method than OPTIONS, or a path for CONNECT (RFC 9112 section 3.2).
    case targetFormNotAllowed
    /// The target's host or port is malformed, or has user information in it.
    case invalidAuthority
    /// The line ends behind its target, as in HTTP/0.9.
    case missingVersion
    /// What stands behind the target is not `HTTP/`, a digit, a dot and a digit.
    case malformedVersion
    /// A version other than 1.0 and 1.1; a server answers 505.
    case unsupportedVersion
    /// A rule of field lines that the header block broke.
    case field(FieldError)

    /// The answer that a server owes for it.
    public var status: HTTPStatus {
        switch self {
        case .requestLineTooLong: .uriTooLong
        case .unknownMethod: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        case .field(let error): error.status
        default: .badRequest
        }
    }

    /// One line for the peer's developer.
    public var reason: String {
        switch self {
        case .tooManyEmptyLines: "too many empty lines before the request"
        case .bareLineFeed: "a line ends with LF instead of CRLF"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .requestLineTooLong: "the request line is too long"
        case .invalidMethod: "the method holds a character that is not allowed"
        case .unknownMethod: "the method is not known"
        case .invalidTarget: "the request target holds a character that is not allowed"
        case .invalidEscape: "a percent sign in the request target is not followed by a usable hexadecimal pair"
        case .targetFormNotAllowed: "the method does not take a request target of this form"
        case .invalidAuthority: "the request target does not name a host and port"
        case .missingVersion: "the request line has no version"
        case .malformedVersion: "the version is malformed"
        case .unsupportedVersion: "the versions understood are HTTP/1.0 and HTTP/1.1"
        case .field(let error): error.reason
        }
    }
}

extension RequestError: CustomStringConvertible {
    /// The same as `reason`.
    public var description: String { reason }
}
