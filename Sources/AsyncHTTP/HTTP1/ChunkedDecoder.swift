/// Takes the chunked transfer coding off a body whose bytes arrive in any pieces (RFC 9112 section 7.1).
///
/// Payload is never copied: the decoder says where it lies in what it was given. Trailers are judged and dropped.
package struct ChunkedDecoder: Sendable {
    package enum Step: Sendable, Hashable {
        /// Everything given was framing; go on with the bytes behind it when they come.
        case needMore(consumed: Int)
        /// Payload lies at that range of the input; call again with what follows `consumed`.
        case data(Range<Int>, consumed: Int)
        /// The body is over; what follows `consumed` is not part of it.
        case end(consumed: Int)
    }

    private enum Phase: UInt8 {
        case size, extensions, sizeLineEnd, data, dataEnd, dataLineEnd, trailerStart, trailers, lastLineEnd, over
    }

    private let limits: ChunkLimits
    private var phase = Phase.size
    private var size = 0
    private var digits = 0
    private var extensionRule = ChunkExtensionRule()
    private var extensionBytes = 0
    private var totalExtensionBytes = 0
    private var trailerBytes: [UInt8] = []
    private var trailers: FieldLineParser

    /// What it keeps of trailers that are not over.
    var heldBytes: Int { trailerBytes.capacity + trailers.heldBytes }

    /// The most digits that a 64-bit size can have; leading zeros count.
    private static let longestSize = 16

    package init(limits: ChunkLimits) {
        self.limits = limits
        trailers = FieldLineParser(.trailers, at: 0, byteLimit: limits.trailerBytes, countLimit: limits.trailerCount)
    }

    /// Takes the bytes that follow those consumed so far.
    package mutating func decode(_ bytes: RawSpan) throws(FramingError) -> Step {
        var position = 0
        while position < bytes.byteCount {
            if phase == .data {
                let end = position &+ min(size, bytes.byteCount &- position)
                size &-= end &- position
                if size == 0 { phase = .dataEnd }
                return .data(position..<end, consumed: end)
            }
            if phase == .trailerStart, bytes.byte(at: position) != .carriageReturn { phase = .trailers }
            if phase == .trailers { return try takeTrailers(bytes, from: position) }
            guard phase != .over else { break }
            try accept(bytes.byte(at: position))
            position &+= 1
        }
        return phase == .over ? .end(consumed: position) : .needMore(consumed: position)
    }

    private mutating func accept(_ byte: UInt8) throws(FramingError) {
        if byte == .lineFeed, !expectsLineFeed { throw .bareLineFeed }
        switch phase {
        case .size: try acceptSize(byte)
        case .extensions: try acceptExtension(byte)
        case .sizeLineEnd:
            guard byte == .lineFeed else { throw .bareCarriageReturn }
            phase = size == 0 ? .trailerStart : .data
            digits = 0
        case .dataEnd:
            guard byte == .carriageReturn else { throw .missingChunkEnd }
            phase = .dataLineEnd
        case .dataLineEnd:
            guard byte == .lineFeed else { throw .bareCarriageReturn }
            phase = .size
        case .trailerStart:
            phase = .lastLineEnd
        case .lastLineEnd:
            guard byte == .lineFeed else { throw .bareCarriageReturn }
            phase = .over
        case .data, .trailers, .over: break
        }
    }

    private var expectsLineFeed: Bool {
        phase == .sizeLineEnd || phase == .dataLineEnd || phase == .lastLineEnd
    }

    /// `1*HEXDIG`, without white space before the CR or the semicolon.
    private mutating func acceptSize(_ byte: UInt8) throws(FramingError) {
        if let digit = byte.hexValue {
            guard digits < Self.longestSize, size <= Int.max &>> 4 else { throw .chunkSizeOverflow }
            size = size &<< 4 | Int(digit)
            digits &+= 1
            return
        }
        guard digits > 0 else { throw .invalidChunkSize }
        switch byte {
        case .carriageReturn: phase = .sizeLineEnd
        case UInt8(ascii: ";"):
            phase = .extensions
            extensionRule = ChunkExtensionRule()
            extensionBytes = 0
            try countExtensionByte()
        default: throw .invalidChunkSize
        }
    }

    private mutating func acceptExtension(_ byte: UInt8) throws(FramingError) {
        guard byte != .carriageReturn else {
            guard extensionRule.isComplete else { throw .invalidExtension }
            phase = .sizeLineEnd
            return
        }
        try countExtensionByte()
        guard extensionRule.accept(byte) else { throw .invalidExtension }
    }

    private mutating func countExtensionByte() throws(FramingError) {
        guard extensionBytes < limits.extensionBytes, totalExtensionBytes < limits.totalExtensionBytes else {
            throw .extensionTooLong
        }
        extensionBytes &+= 1
        totalExtensionBytes &+= 1
    }

    /// Trailer lines are few and short, so they are gathered and judged by the parser of header lines.
    private mutating func takeTrailers(_ bytes: RawSpan, from position: Int) throws(FramingError) -> Step {
        let before = trailerBytes.count
        let room = max(0, min(limits.trailerBytes, RequestLimits.ceiling)) &+ 3 &- before
        let taken = max(1, min(bytes.byteCount &- position, room))
        trailerBytes.append(contentsOf: bytes.array(position..<(position &+ taken)))
        let received = trailerBytes
        let isComplete: Bool
        do { isComplete = unsafe try trailers.parse(received.span.bytes) } catch { throw .trailer(error) }
        guard isComplete else { return .needMore(consumed: position &+ taken) }
        phase = .over
        trailerBytes = []
        return .end(consumed: position &+ trailers.position &- before)
    }
}
