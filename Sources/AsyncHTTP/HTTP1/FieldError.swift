/// The rule that a header or trailer section broke.
public enum FieldError: Error, Sendable, Hashable {
    /// A line begins with white space, which once continued the line before it (RFC 9112 section 5.2).
    case foldedLine
    /// A line begins with its colon.
    case emptyName
    /// A name holds something that is no `token` character (RFC 9110 section 5.6.2).
    case invalidName
    /// White space stands before a colon, where proxies and servers have disagreed (RFC 9112 section 5.1).
    case whitespaceBeforeColon
    /// A line ends before its colon.
    case missingColon
    /// LF without CR: lenient readers see a line end there, strict ones do not.
    case bareLineFeed
    /// CR without LF, which must never be read as a line end (RFC 9112 section 2.2).
    case bareCarriageReturn
    /// A value holds NUL, DEL or another control character (RFC 9110 section 5.5).
    case invalidValue
    /// More lines than the limit; a server answers 431.
    case tooManyFields
    /// Longer lines than the limit has room for; a server answers 431.
    case tooManyBytes
    /// A second `Content-Length`, even one that says the same (RFC 9112 section 6.3).
    case duplicateContentLength
    /// `Content-Length` is not digits alone: no sign, no list, no white space within.
    case invalidContentLength
    /// `Content-Length` does not fit in 63 bits.
    case contentLengthOverflow
    /// A second `Transfer-Encoding`: codings would have to be combined, which nobody needs.
    case duplicateTransferEncoding
    /// `Transfer-Encoding` is empty, or holds what no name of a coding may hold.
    case invalidTransferEncoding
    /// A transfer coding other than `chunked` alone; a server answers 501 (RFC 9112 section 6.1).
    case unsupportedTransferCoding
    /// HTTP/1.0 has no transfer codings: its framing cannot be trusted (RFC 9112 section 6.1).
    case transferEncodingInHTTP10
    /// Both framings at once, the classic of request smuggling (RFC 9112 section 6.3).
    case contentLengthWithTransferEncoding
    /// A second `Host`, even one that says the same (RFC 9112 section 3.2).
    case duplicateHost
    /// `Host` is not `host[:port]`, or has user information in it.
    case invalidHost
    /// HTTP/1.1 without `Host` (RFC 9112 section 3.2).
    case missingHost
    /// `Expect` asks for something other than `100-continue`; a server answers 417.
    case unsupportedExpectation
    /// A trailer that would change framing or routing after the fact (RFC 9110 section 6.5.1).
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
    /// The same as `reason`.
    public var description: String { reason }
}
