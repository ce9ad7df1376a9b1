/// Parses the field lines of a request, a response or a trailer section, and judges them as they arrive
/// (RFC 9112 section 5).
///
/// The earliest offending byte decides the error, so the outcome does not depend on how the bytes were split.
struct FieldLineParser: Sendable {
    /// Where the fields stand, which decides the rules that apply to them.
    enum Section: Sendable {
        case request(HTTPVersion)
        case response(HTTPVersion)
        case trailers
    }

    private enum Phase: UInt8 {
        case lineStart, name, valueStart, value, knownValue, lineEnd, sectionEnd
    }

    private let byteLimit: Int
    private let countLimit: Int
    private var section: Section
    private var start: Int
    private var phase = Phase.lineStart
    private var field = KnownField.other
    private var nameRange = 0..<0
    private var valueStart = 0
    private var valueRule = KnownFieldValue(.other)
    private var count = 0

    /// The next byte to look at; after the section, the first byte behind it.
    private(set) var position: Int
    private(set) var facts = MessageFacts()
    private(set) var entries: [HeaderFields.Entry] = []

    /// What it keeps beside the bytes that it is given.
    var heldBytes: Int { entries.capacity * MemoryLayout<HeaderFields.Entry>.stride }

    /// Room for the fields of an ordinary request in one allocation.
    private static let initialCapacity = 12

    init(_ section: Section, at start: Int, byteLimit: Int, countLimit: Int) {
        self.section = section
        self.start = start
        self.position = start
        self.byteLimit = max(0, min(byteLimit, RequestLimits.ceiling))
        self.countLimit = countLimit
    }

    /// Begins anew elsewhere, before the first call.
    mutating func begin(_ section: Section, at start: Int) {
        self.section = section
        self.start = start
        position = start
    }

    /// Goes on where the last call stopped; true once the empty line that ends the section has been passed.
    mutating func parse(_ bytes: RawSpan) throws(FieldError) -> Bool {
        let end = min(bytes.byteCount, start &+ byteLimit)
        while true {
            switch phase {
            case .lineStart:
                guard position < bytes.byteCount else { return false }
                if passOrdinaryLine(bytes, end) { continue }
                try beginLine(bytes.byte(at: position))
            case .name:
                position = bytes.endOfToken(from: position, to: end)
                guard position < end else { return try stopped(bytes) }
                try endName(bytes)
            case .valueStart:
                while position < end, bytes.byte(at: position).isWhitespace { position &+= 1 }
                guard position < end else { return try stopped(bytes) }
                valueStart = position
                phase = .value
            case .value:
                position = bytes.endOfText(from: position, to: end)
                guard position < end else { return try stopped(bytes) }
                try endValue(bytes.byte(at: position))
            case .knownValue:
                position = try valueRule.accept(bytes, from: position, to: end)
                guard position < end else { return try stopped(bytes) }
                try valueRule.finish()
                try endValue(.carriageReturn)
            case .lineEnd:
                guard position < end else { return try stopped(bytes) }
                guard bytes.byte(at: position) == .lineFeed else { throw .bareCarriageReturn }
                endLine(bytes)
            case .sectionEnd:
                guard position < bytes.byteCount else { return false }
                guard bytes.byte(at: position) == .lineFeed else { throw .bareCarriageReturn }
                position &+= 1
                return true
            }
        }
    }

    /// Takes a whole line as nearly all are, of a field that nobody here acts on or of an ordinary `Host`, and does with it what
    /// the steps would do; false when it is another line, or is not whole, and the steps have to look at it.
    private mutating func passOrdinaryLine(_ bytes: RawSpan, _ end: Int) -> Bool {
        let name = position..<bytes.endOfToken(from: position, to: end)
        guard !name.isEmpty, name.upperBound < end, bytes.byte(at: name.upperBound) == UInt8(ascii: ":"),
            count < countLimit
        else { return false }
        let known = KnownField(bytes, name)
        var start = name.upperBound &+ 1
        while start < end, bytes.byte(at: start).isWhitespace { start &+= 1 }
        var stop = start
        switch known {
        case .other: stop = bytes.endOfText(from: start, to: end)
        case .host where mayBeHost: stop = AuthorityRule.endOfOrdinary(bytes, from: start, to: end) ?? end
        default: return false
        }
        guard stop &+ 1 < end, bytes.byte(at: stop) == .carriageReturn, bytes.byte(at: stop &+ 1) == .lineFeed
        else { return false }
        if known == .host { facts.hasHost = true }
        count &+= 1
        position = stop &+ 2
        while stop > start, bytes.byte(at: stop &- 1).isWhitespace { stop &-= 1 }
        keep(name, start..<stop)
        return true
    }

    private var mayBeHost: Bool {
        if case .request = section { !facts.hasHost } else { false }
    }

    private mutating func keep(_ name: Range<Int>, _ value: Range<Int>) {
        if case .trailers = section { return }
        if entries.isEmpty { entries.reserveCapacity(Self.initialCapacity) }
        entries.append(HeaderFields.Entry(name: name, value: value))
    }

    /// The bytes have run out, or else the limit has been reached inside a line.
    private func stopped(_ bytes: RawSpan) throws(FieldError) -> Bool {
        guard position >= bytes.byteCount else { throw .tooManyBytes }
        return false
    }

    private mutating func beginLine(_ byte: UInt8) throws(FieldError) {
        switch byte {
        case .carriageReturn:
            position &+= 1
            phase = .sectionEnd
            return
        case .space, .tab: throw .foldedLine  // RFC 9112 section 5.2
        case .lineFeed: throw .bareLineFeed
        case UInt8(ascii: ":"): throw .emptyName
        default: break
        }
        guard count < countLimit else { throw .tooManyFields }
        count &+= 1
        nameRange = position..<position
        phase = .name
    }

    private mutating func endName(_ bytes: RawSpan) throws(FieldError) {
        switch bytes.byte(at: position) {
        case UInt8(ascii: ":"): break
        case .space, .tab: throw .whitespaceBeforeColon  // RFC 9112 section 5.1
        case .carriageReturn, .lineFeed: throw .missingColon
        default: throw .invalidName
        }
        nameRange = nameRange.lowerBound..<position
        position &+= 1
        field = KnownField(bytes, nameRange)
        guard field != .other else {
            phase = .valueStart
            return
        }
        try meet()
    }

    /// Applies the rules that a name alone can break, and decides how its value is read.
    private mutating func meet() throws(FieldError) {
        phase = .knownValue
        switch (field, section) {
        case (.host, .trailers), (.contentLength, .trailers), (.transferEncoding, .trailers):
            throw .forbiddenTrailer  // RFC 9110 section 6.5.1
        case (.host, .request):
            guard !facts.hasHost else { throw .duplicateHost }  // RFC 9112 section 3.2
            facts.hasHost = true
        case (.contentLength, _):
            guard facts.contentLength == nil else { throw .duplicateContentLength }
            guard !facts.isChunked else { throw .contentLengthWithTransferEncoding }
        case (.transferEncoding, .request(.http10)), (.transferEncoding, .response(.http10)):
            throw .transferEncodingInHTTP10  // RFC 9112 section 6.1
        case (.transferEncoding, _):
            guard !facts.isChunked else { throw .duplicateTransferEncoding }
            guard facts.contentLength == nil else { throw .contentLengthWithTransferEncoding }
        case (.expect, .request): break
        default:
            phase = .valueStart
            return
        }
        valueStart = position
        valueRule = KnownFieldValue(field)
    }

    private mutating func endValue(_ byte: UInt8) throws(FieldError) {
        switch byte {
        case .carriageReturn:
            position &+= 1
            phase = .lineEnd
        case .lineFeed: throw .bareLineFeed
        default: throw .invalidValue
        }
    }

    private mutating func endLine(_ bytes: RawSpan) {
        let value = bytes.trimmingWhitespace(valueStart..<(position &- 1))
        position &+= 1
        phase = .lineStart
        if field != .other { learn(bytes, value) }
        keep(nameRange, value)
    }

    private mutating func learn(_ bytes: RawSpan, _ value: Range<Int>) {
        switch (field, section) {
        case (.contentLength, _): facts.contentLength = valueRule.number
        case (.transferEncoding, _): facts.isChunked = true
        case (.connection, _): facts.readConnection(bytes, value)
        case (.expect, .request): facts.expectsContinue = true
        default: break
        }
    }
}
