/// The rule that a header or trailer section broke.
public enum FieldError: Error, Sendable, Hashable {
    case foldedLine
    case emptyName
    case invalidName
    case whitespaceBeforeColon
    case missingColon
    case bareLineFeed
    case bareCarriageReturn
    case invalidValue
    case tooManyFields
    case tooManyBytes
    case duplicateContentLength
    case invalidContentLength
    case contentLengthOverflow
    case duplicateTransferEncoding
    case invalidTransferEncoding
    case unsupportedTransferCoding
    case transferEncodingInHTTP10
    case contentLengthWithTransferEncoding
    case duplicateHost
    case invalidHost
    case missingHost
    case unsupportedExpectation
    case forbiddenTrailer

    /// The answer that a server owes for it.
    public var status: HTTPStatus {
        switch self {
        case .tooManyFields, .tooManyBytes: .headerFieldsTooLarge
        case .unsupportedTransferCoding: .notImplemented
        case .unsupportedExpectation: .expectationFailed
        default: .badRequest
        }
    }

    /// One line for the peer's developer.
    public var reason: String {
        switch self {
        case .foldedLine: "a field line begins with white space"
        case .emptyName: "a field has no name"
        case .invalidName: "a field name holds a character that is not allowed"
        case .whitespaceBeforeColon: "white space stands between a field name and its colon"
        case .missingColon: "a field line has no colon"
        case .bareLineFeed: "a line ends with LF instead of CRLF"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .invalidValue: "a field value holds a control character"
        case .tooManyFields: "too many fields"
        case .tooManyBytes: "the fields are too large"
        case .duplicateContentLength: "more than one Content-Length"
        case .invalidContentLength: "Content-Length is not a number"
        case .contentLengthOverflow: "Content-Length is too large"
        case .duplicateTransferEncoding: "more than one Transfer-Encoding"
        case .invalidTransferEncoding: "Transfer-Encoding is malformed"
        case .unsupportedTransferCoding: "the only transfer coding understood is chunked"
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding"
        case .contentLengthWithTransferEncoding: "both Content-Length and Transfer-Encoding"
        case .duplicateHost: "more than one Host"
        case .invalidHost: "Host is not a host and port"
        case .missingHost: "HTTP/1.1 requires Host"
        case .unsupportedExpectation: "the only expectation understood is 100-continue"
        case .forbiddenTrailer: "a field that decides where the message ends cannot be a trailer"
        }
    }
}

extension FieldError: CustomStringConvertible {
    public var description: String { reason }
}
