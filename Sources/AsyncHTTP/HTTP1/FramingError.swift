/// The rule that a chunked body broke. Nothing after it on the connection can be trusted.
public enum FramingError: Error, Sendable, Hashable {
    /// A size has no digit, or something behind its digits that is no extension.
    case invalidChunkSize
    /// A size does not fit in 63 bits, or has more than 16 digits; a server answers 413.
    case chunkSizeOverflow
    /// An extension breaks the grammar of RFC 9112 section 7.1.1.
    case invalidExtension
    /// The extensions of a chunk, or of all chunks together, are longer than their limit; a server answers 413.
    case extensionTooLong
    /// LF without CR, which chunk readers have been fooled with.
    case bareLineFeed
    /// CR without LF.
    case bareCarriageReturn
    /// The payload of a chunk is longer than its size said.
    case missingChunkEnd
    /// A rule of field lines that a trailer broke.
    case trailer(FieldError)

    /// The answer that a server owes for it.
    public var status: HTTPStatus {
        switch self {
        case .trailer(let error): error.status
        case .chunkSizeOverflow, .extensionTooLong: .contentTooLarge
        default: .badRequest
        }
    }

    /// One line for the peer's developer.
    public var reason: String {
        switch self {
        case .invalidChunkSize: "a chunk size is not a hexadecimal number"
        case .chunkSizeOverflow: "a chunk size is too large"
        case .invalidExtension: "a chunk extension is malformed"
        case .extensionTooLong: "the chunk extensions are too long"
        case .bareLineFeed: "a line ends with LF instead of CRLF"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .missingChunkEnd: "a chunk is not followed by CRLF"
        case .trailer(let error): error.reason
        }
    }
}

extension FramingError: CustomStringConvertible {
    /// The same as `reason`.
    public var description: String { reason }
}
