/// Parses response heads out of bytes that arrive in any pieces (RFC 9112 section 4), as eagerly as `RequestParser`.
///
/// An interim response (1xx) is complete like any other; the caller skips it and parses on.
package struct ResponseParser: Sendable {
    package enum Step: Sendable {
        case incomplete
        case complete(ResponseHead, consumed: Int)
    }

    private enum Phase: UInt8 {
        case version, status, afterStatus, reason, lineEnd, fields
    }

    /// The method of the request that is being answered: it decides whether a body follows.
    package var requestMethod: HTTPMethod

    private let limits: ResponseLimits
    private var phase = Phase.version
    private var version = HTTPVersion.http11
    private var status = 0
    private var reasonRange = 0..<0
    private var position = 0
    private var fields = FieldLineParser(.trailers, at: 0, byteLimit: 0, countLimit: 0)

    package init(limits: ResponseLimits, requestMethod: HTTPMethod) {
        self.limits = limits
        self.requestMethod = requestMethod
    }

    /// Whether no byte of a response has been seen.
    package var isIdle: Bool { position == 0 }

    /// Goes on where the last call stopped; `bytes` is everything received since the start of this response.
    ///
    /// After `.complete` the parser is ready for the next response, which starts behind `consumed` and the body.
    package mutating func parse(_ bytes: RawSpan) throws(ResponseError) -> Step {
        while position < bytes.byteCount {
            switch phase {
            case .version, .status, .afterStatus:
                guard position < lineEnd(bytes) || bytes.byte(at: position) == .carriageReturn else {
                    throw .statusLineTooLong
                }
                try accept(bytes.byte(at: position))
                position &+= 1
            case .reason: try scanReason(bytes)
            case .lineEnd:
                guard bytes.byte(at: position) == .lineFeed else { throw .bareCarriageReturn }
                position &+= 1
                fields = FieldLineParser(
                    .response(version),
                    at: position,
                    byteLimit: limits.headerBytes,
                    countLimit: limits.headerCount
                )
                phase = .fields
            case .fields:
                let isComplete: Bool
                do { isComplete = try fields.parse(bytes) } catch { throw .field(error) }
                return isComplete ? complete(bytes) : .incomplete
            }
        }
        return .incomplete
    }

    private func lineEnd(_ bytes: RawSpan) -> Int {
        min(bytes.byteCount, max(0, min(limits.statusLine, RequestLimits.ceiling)))
    }

    private mutating func accept(_ byte: UInt8) throws(ResponseError) {
        if byte == .lineFeed { throw .bareLineFeed }
        switch phase {
        case .version: try acceptVersion(byte)
        case .status:
            guard byte.isDigit, status > 0 || byte != UInt8(ascii: "0") else { throw .malformedStatus }
            status = status &* 10 &+ Int(byte &- 0x30)
            if status >= 100 { phase = .afterStatus }
        default:
            // RFC 9112 section 4 wants the space even before an empty reason; too many servers leave it out.
            switch byte {
            case .space:
                reasonRange = (position &+ 1)..<(position &+ 1)
                phase = .reason
            case .carriageReturn:
                reasonRange = position..<position
                phase = .lineEnd
            default: throw .malformedStatus
            }
        }
    }

    /// `HTTP/1.` and a digit: any minor version above 0 is read as 1.1 (RFC 9110 section 2.5).
    private mutating func acceptVersion(_ byte: UInt8) throws(ResponseError) {
        switch position {
        case 5:
            guard byte.isDigit else { throw .malformedVersion }
            guard byte == UInt8(ascii: "1") else { throw .unsupportedVersion }
        case 7:
            guard byte.isDigit else { throw .malformedVersion }
            version = byte == UInt8(ascii: "0") ? .http10 : .http11
        case 8:
            guard byte == .space else { throw .malformedVersion }
            phase = .status
        default:
            guard "HTTP/1.".utf8.dropFirst(position).first == byte else { throw .malformedVersion }
        }
    }

    private mutating func scanReason(_ bytes: RawSpan) throws(ResponseError) {
        let end = lineEnd(bytes)
        position = bytes.endOfText(from: position, to: end)
        guard position < bytes.byteCount else { return }
        switch bytes.byte(at: position) {
        case .carriageReturn: break
        case _ where position >= end: throw .statusLineTooLong
        case .lineFeed: throw .bareLineFeed
        default: throw .invalidReason
        }
        reasonRange = reasonRange.lowerBound..<position
        position &+= 1
        phase = .lineEnd
    }

    private mutating func complete(_ bytes: RawSpan) -> Step {
        let consumed = fields.position
        let head = ResponseHead(
            version: version,
            status: status,
            reason: reasonRange,
            fields: HeaderFields(bytes: bytes.array(0..<consumed), entries: fields.entries),
            facts: fields.facts,
            requestMethod: requestMethod
        )
        self = ResponseParser(limits: limits, requestMethod: requestMethod)
        return .complete(head, consumed: consumed)
    }
}
