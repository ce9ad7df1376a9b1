/// Judges a request target byte by byte and finds its parts (RFC 9112 section 3.2).
struct TargetScanner: Sendable {
    private enum State: UInt8 {
        case start, asterisk, scheme, authority, path, pathEscape, pathEscapeEnd, query, queryEscape, queryEscapeEnd
    }

    private var state = State.start
    private var schemeCount = 0
    private var isSecure = false
    private var escapeHigh: UInt8 = 0
    private var authority = AuthorityRule()
    private(set) var layout = RequestTarget.Layout()

    /// Goes on at `position` up to `end`; the answer is the offset of the space behind the target, or `end`.
    mutating func scan(
        _ bytes: RawSpan,
        from position: Int,
        to end: Int,
        method: HTTPMethod
    ) throws(RequestError) -> Int {
        var offset = position
        while offset < end {
            switch state {
            case .path:
                offset = bytes.end(of: .path, from: offset, to: end)
            case .query:
                offset = bytes.end(of: .query, from: offset, to: end)
            default: break
            }
            guard offset < end else { break }
            let byte = bytes.byte(at: offset)
            if byte == .space {
                try finish(at: offset, method)
                return offset
            }
            if byte == .carriageReturn { throw .missingVersion }
            if byte == .lineFeed { throw .bareLineFeed }
            try accept(byte, at: offset, method)
            offset &+= 1
        }
        return offset
    }

    private mutating func accept(_ byte: UInt8, at offset: Int, _ method: HTTPMethod) throws(RequestError) {
        switch state {
        case .start: try begin(byte, at: offset, method)
        case .asterisk: throw .invalidTarget
        case .scheme: try acceptScheme(byte, at: offset)
        case .authority: try acceptAuthority(byte, at: offset, method)
        case .path:
            switch byte {
            case UInt8(ascii: "?"): beginQuery(at: offset)
            case UInt8(ascii: "%"):
                layout.hasEscapes = true
                state = .pathEscape
            default: throw .invalidTarget
            }
        case .query:
            guard byte == UInt8(ascii: "%") else { throw .invalidTarget }
            state = .queryEscape
        case .pathEscape, .queryEscape:
            guard let high = byte.hexValue else { throw .invalidEscape }
            escapeHigh = high
            state = state == .pathEscape ? .pathEscapeEnd : .queryEscapeEnd
        case .pathEscapeEnd, .queryEscapeEnd:
            guard let low = byte.hexValue, low | escapeHigh != 0 else { throw .invalidEscape }
            state = state == .pathEscapeEnd ? .path : .query
        }
    }

    private mutating func begin(_ byte: UInt8, at offset: Int, _ method: HTTPMethod) throws(RequestError) {
        layout.start = UInt32(truncatingIfNeeded: offset)
        switch byte {
        case UInt8(ascii: "/"):
            guard method != .connect else { throw .targetFormNotAllowed }
            layout.form = .origin
            layout.pathStart = layout.start
            state = .path
        case UInt8(ascii: "*"):
            guard method == .options else { throw .targetFormNotAllowed }
            layout.form = .asterisk
            state = .asterisk
        default:
            guard method != .connect else {
                layout.form = .authority
                layout.authorityStart = layout.start
                state = .authority
                return try acceptAuthority(byte, at: offset, method)
            }
            layout.form = .absolute
            state = .scheme
            try acceptScheme(byte, at: offset)
        }
    }

    /// `http://` or `https://`; schemes have no case (RFC 9110 section 4.2.3).
    private mutating func acceptScheme(_ byte: UInt8, at offset: Int) throws(RequestError) {
        if schemeCount == 4, !isSecure, byte.lowercased == UInt8(ascii: "s") {
            isSecure = true
            return
        }
        guard "http://".utf8.dropFirst(schemeCount).first == byte.lowercased else { throw .invalidTarget }
        schemeCount &+= 1
        guard schemeCount == 7 else { return }
        layout.authorityStart = UInt32(truncatingIfNeeded: offset &+ 1)
        state = .authority
    }

    private mutating func acceptAuthority(_ byte: UInt8, at offset: Int, _ method: HTTPMethod) throws(RequestError) {
        if method != .connect, byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") {
            try endAuthority(at: offset)
            if byte == UInt8(ascii: "?") {
                beginQuery(at: offset)
            } else {
                state = .path
            }
            return
        }
        guard authority.accept(byte) else { throw .invalidAuthority }
    }

    private mutating func endAuthority(at offset: Int) throws(RequestError) {
        guard authority.isComplete else { throw .invalidAuthority }
        layout.authorityEnd = UInt32(truncatingIfNeeded: offset)
        layout.pathStart = layout.authorityEnd
    }

    private mutating func beginQuery(at offset: Int) {
        layout.pathEnd = UInt32(truncatingIfNeeded: offset)
        layout.hasQuery = true
        state = .query
    }

    private mutating func finish(at offset: Int, _ method: HTTPMethod) throws(RequestError) {
        let end = UInt32(truncatingIfNeeded: offset)
        layout.end = end
        switch state {
        case .path: layout.pathEnd = end
        case .query: break
        case .authority:
            guard method != .connect || authority.isCompleteWithPort else { throw .invalidAuthority }
            try endAuthority(at: offset)
            layout.pathEnd = end
        case .asterisk:
            layout.pathStart = layout.start
            layout.pathEnd = end
        case .start, .scheme: throw .invalidTarget
        case .pathEscape, .pathEscapeEnd, .queryEscape, .queryEscapeEnd: throw .invalidEscape
        }
    }
}
