/// Parses request heads out of bytes that arrive in any pieces (RFC 9112 sections 2 to 6).
///
/// It refuses as soon as what has come can no longer become a valid request, and the earliest offending byte decides
/// the error. Between requests it owns no memory. After an error the connection is over, and so is the parser.
package struct RequestParser: Sendable {
    package enum Step: Sendable {
        case incomplete
        case complete(RequestHead, consumed: Int)
    }

    private enum Phase: UInt8 {
        case start, emptyLineEnd, method, target, version, lineEnd, fields
        /// It has given a request: what it knew is of no use any more.
        case done
    }

    private let limits: RequestLimits
    private var phase = Phase.start
    private var method = HTTPMethod.get
    private var version = HTTPVersion.http11
    private var versionCount = 0
    /// It is a version, but none that is spoken here.
    private var isOtherVersion = false
    private var emptyLines = 0
    private var lineStart = 0
    private var position = 0
    private var target = TargetScanner()
    private var fields: FieldLineParser

    package init(limits: RequestLimits) {
        self.limits = limits
        // It begins when the version is known, and where the request line has ended.
        fields = FieldLineParser(.trailers, at: 0, byteLimit: limits.headerBytes, countLimit: limits.headerCount)
    }

    /// What it keeps of an incomplete head, beside the bytes that it is given.
    var heldBytes: Int { fields.heldBytes }

    /// Whether no byte of a request has been seen, an empty line before it included.
    package var isIdle: Bool { position == 0 || phase == .done }

    /// Goes on where the last call stopped; `bytes` is everything received since the start of this request.
    ///
    /// After `.complete` the parser is ready for the next request, which starts behind `consumed`.
    package mutating func parse(_ bytes: RawSpan) throws(RequestError) -> Step {
        if phase == .done { self = RequestParser(limits: limits) }
        while position < bytes.byteCount {
            switch phase {
            case .done: return .incomplete
            case .start: try begin(bytes.byte(at: position))
            case .emptyLineEnd:
                guard bytes.byte(at: position) == .lineFeed else { throw .bareCarriageReturn }
                position &+= 1
                phase = .start
            case .method: try scanMethod(bytes)
            case .target: try scanTarget(bytes)
            case .version: try scanVersion(bytes)
            case .lineEnd:
                guard bytes.byte(at: position) == .lineFeed else { throw .bareCarriageReturn }
                position &+= 1
                fields.begin(.request(version), at: position)
                phase = .fields
            case .fields:
                let isComplete: Bool
                do { isComplete = try fields.parse(bytes) } catch { throw .field(error) }
                guard isComplete else { return .incomplete }
                return try complete(bytes)
            }
        }
        return .incomplete
    }

    private func lineEnd(_ bytes: RawSpan) -> Int {
        min(bytes.byteCount, lineStart &+ max(0, min(limits.requestLine, RequestLimits.ceiling)))
    }

    /// A client may send empty lines before a request (RFC 9112 section 2.2).
    private mutating func begin(_ byte: UInt8) throws(RequestError) {
        switch byte {
        case .carriageReturn:
            guard emptyLines < limits.leadingEmptyLines else { throw .tooManyEmptyLines }
            emptyLines &+= 1
            position &+= 1
            phase = .emptyLineEnd
        case .lineFeed: throw .bareLineFeed
        default:
            lineStart = position
            phase = .method
        }
    }

    private mutating func scanMethod(_ bytes: RawSpan) throws(RequestError) {
        let end = lineEnd(bytes)
        let longest = min(end, lineStart &+ HTTPMethod.longestName)
        position = bytes.endOfToken(from: position, to: longest)
        guard position < bytes.byteCount else { return }
        guard position < end else { throw .requestLineTooLong }
        let byte = bytes.byte(at: position)
        guard byte == .space else {
            if byte == .lineFeed { throw .bareLineFeed }
            throw ByteSet.token.contains(byte) ? .unknownMethod : .invalidMethod
        }
        guard position > lineStart else { throw .invalidMethod }
        guard let known = HTTPMethod(bytes, lineStart..<position) else { throw .unknownMethod }
        method = known
        position &+= 1
        phase = .target
    }

    private mutating func scanTarget(_ bytes: RawSpan) throws(RequestError) {
        let end = lineEnd(bytes)
        position = try target.scan(bytes, from: position, to: end, method: method)
        guard position < bytes.byteCount else { return }
        guard position < end else { throw .requestLineTooLong }
        position &+= 1
        phase = .version
    }

    /// `HTTP/1.0` or `HTTP/1.1`, with capitals, and the CR behind it (RFC 9112 section 2.3).
    private mutating func scanVersion(_ bytes: RawSpan) throws(RequestError) {
        let end = lineEnd(bytes)
        if versionCount == 0, position &+ 8 <= end, bytes.word(at: position) == Self.http11 {
            versionCount = 8
            position &+= 8
        }
        while versionCount < 8 {
            guard position < bytes.byteCount else { return }
            guard position < end else { throw .requestLineTooLong }
            try acceptVersion(bytes.byte(at: position))
            versionCount &+= 1
            position &+= 1
        }
        guard position < bytes.byteCount else { return }
        switch bytes.byte(at: position) {
        case .carriageReturn: break
        case .lineFeed: throw .bareLineFeed
        default: throw .malformedVersion
        }
        position &+= 1
        phase = .lineEnd
    }

    /// The bytes of `HTTP/1.1`, the first one lowest.
    private static let http11: UInt64 = 0x312E_312F_5054_5448

    private mutating func acceptVersion(_ byte: UInt8) throws(RequestError) {
        if byte == .lineFeed { throw .bareLineFeed }
        switch versionCount {
        case 5:
            guard byte.isDigit else { throw .malformedVersion }
            isOtherVersion = byte != UInt8(ascii: "1")
        case 7:
            guard byte.isDigit else { throw .malformedVersion }
            // Only now is it a version: `HTTP/01.01` is none.
            guard !isOtherVersion, byte <= UInt8(ascii: "1") else { throw .unsupportedVersion }
            version = byte == UInt8(ascii: "1") ? .http11 : .http10
        default:
            guard "HTTP/1.1".utf8.dropFirst(versionCount).first == byte else {
                throw versionCount == 0 && byte == .carriageReturn ? .missingVersion : .malformedVersion
            }
        }
    }

    private mutating func complete(_ bytes: RawSpan) throws(RequestError) -> Step {
        let facts = fields.facts
        guard facts.hasHost || version == .http10 else { throw .field(.missingHost) }  // RFC 9112 section 3.2
        let consumed = fields.position
        let copy = bytes.array(0..<consumed)
        let head = RequestHead(
            method: method,
            target: RequestTarget(bytes: copy, layout: target.layout),
            version: version,
            fields: HeaderFields(bytes: copy, entries: fields.entries),
            facts: facts
        )
        phase = .done
        return .complete(head, consumed: consumed)
    }
}
