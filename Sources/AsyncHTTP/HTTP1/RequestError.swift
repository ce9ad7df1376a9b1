/// The rule that a request broke. Nothing after it on the connection can be trusted.
public enum RequestError: Error, Sendable, Hashable {
    case tooManyEmptyLines
    case bareLineFeed
    case bareCarriageReturn
    case requestLineTooLong
    case invalidMethod
    case unknownMethod
    case invalidTarget
    case invalidEscape
    case targetFormNotAllowed
    case invalidAuthority
    case missingVersion
    case malformedVersion
    case unsupportedVersion
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
    public var description: String { reason }
}
