/// The rule that a response broke. Nothing after it on the connection can be trusted.
public enum ResponseError: Error, Sendable, Hashable {
    /// What came first is not `HTTP/1.` and a digit: this is no HTTP server.
    case malformedVersion
    /// A major version other than 1.
    case unsupportedVersion
    /// The status code is not three digits from 100 on.
    case malformedStatus
    /// The reason phrase holds a control character.
    case invalidReason
    /// The first line is longer than the limit.
    case statusLineTooLong
    /// LF without CR.
    case bareLineFeed
    /// CR without LF.
    case bareCarriageReturn
    /// A rule of field lines that the header block broke.
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
    /// The same as `reason`.
    public var description: String { reason }
}
