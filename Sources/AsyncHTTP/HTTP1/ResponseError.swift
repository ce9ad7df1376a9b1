/// The rule that a response broke. Nothing after it on the connection can be trusted.
public enum ResponseError: Error, Sendable, Hashable {
    case malformedVersion
    case unsupportedVersion
    case malformedStatus
    case invalidReason
    case statusLineTooLong
    case bareLineFeed
    case bareCarriageReturn
    case field(FieldError)

    /// One line for whoever reads the client's error.
    public var reason: String {
        switch self {
        case .malformedVersion: "the answer does not begin with an HTTP version"
        case .unsupportedVersion: "the answer is not HTTP/1"
        case .malformedStatus: "the status code is not three digits"
        case .invalidReason: "the reason phrase holds a control character"
        case .statusLineTooLong: "the status line is too long"
        case .bareLineFeed: "a line ends with LF instead of CRLF"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .field(let error): error.reason
        }
    }
}

extension ResponseError: CustomStringConvertible {
    public var description: String { reason }
}
