/// The rule that a chunked body broke. Nothing after it on the connection can be trusted.
public enum FramingError: Error, Sendable, Hashable {
    case invalidChunkSize
    case chunkSizeOverflow
    case invalidExtension
    case extensionTooLong
    case bareLineFeed
    case bareCarriageReturn
    case missingChunkEnd
    case trailer(FieldError)

    /// The answer that a server owes for it.
    public var status: HTTPStatus {
        switch self {
        case .trailer(let error): error.status
        case .chunkSizeOverflow: .contentTooLarge
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
    public var description: String { reason }
}
