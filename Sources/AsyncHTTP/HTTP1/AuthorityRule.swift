/// Judges `host [":" port]` byte by byte (RFC 3986 section 3.2, RFC 9110 section 7.2).
///
/// User information is refused wherever it stands (RFC 9110 section 4.2.4). What stands between brackets is held to
/// the characters of an IPv6 address, not to its grammar: nobody here connects to it.
struct AuthorityRule: Sendable {
    private enum State: UInt8 {
        case start, name, escape, escapeEnd, literalStart, literal, afterLiteral, port
    }

    private var state = State.start
    private var port: UInt32 = 0
    private var hasPort = false

    /// Takes one byte; false when no continuation could make the authority valid.
    mutating func accept(_ byte: UInt8) -> Bool {
        switch state {
        case .start:
            switch byte {
            case UInt8(ascii: "["): state = .literalStart
            case UInt8(ascii: "%"): state = .escape
            default:
                state = .name
                return ByteSet.registeredName.contains(byte)
            }
        case .name:
            switch byte {
            case UInt8(ascii: ":"): state = .port
            case UInt8(ascii: "%"): state = .escape
            default: return ByteSet.registeredName.contains(byte)
            }
        case .escape, .escapeEnd:
            state = state == .escape ? .escapeEnd : .name
            return byte.hexValue != nil
        case .literalStart, .literal:
            guard byte != UInt8(ascii: "]") else {
                defer { state = .afterLiteral }
                return state == .literal
            }
            state = .literal
            return byte.hexValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
        case .afterLiteral:
            state = .port
            return byte == UInt8(ascii: ":")
        case .port:
            guard byte.isDigit else { return false }
            hasPort = true
            port = port &* 10 &+ UInt32(byte &- 0x30)
            return port <= UInt32(UInt16.max)
        }
        return true
    }

    /// The first offset whose byte does not simply go on with a name, or `end`: the short way through `accept` for
    /// nearly every byte of nearly every host.
    func endOfName(_ bytes: RawSpan, from start: Int, to end: Int) -> Int {
        state == .name ? bytes.end(of: .registeredName, from: start, to: end) : start
    }

    /// The end of a name and perhaps a port of few digits, as nearly all are, that begins at `start`; nil when it is another
    /// authority, or goes on up to `end`.
    static func endOfOrdinary(_ bytes: RawSpan, from start: Int, to end: Int) -> Int? {
        var offset = bytes.end(of: .registeredName, from: start, to: end)
        guard offset > start, offset < end else { return nil }
        guard bytes.byte(at: offset) == UInt8(ascii: ":") else { return offset }
        let longest = min(end, offset &+ 6)
        offset &+= 1
        var port = 0
        while offset < longest, bytes.byte(at: offset).isDigit {
            port = port &* 10 &+ Int(bytes.byte(at: offset) &- 0x30)
            offset &+= 1
        }
        return offset < end && port <= Int(UInt16.max) ? offset : nil
    }

    var isEmpty: Bool { state == .start }

    /// Whether the authority may end here. An empty port after the colon is legal (RFC 3986 section 3.2.3).
    var isComplete: Bool {
        switch state {
        case .name, .afterLiteral, .port: true
        case .start, .escape, .escapeEnd, .literalStart, .literal: false
        }
    }

    /// Whether it may end here and names a port, as CONNECT requires (RFC 9110 section 9.3.6).
    var isCompleteWithPort: Bool { isComplete && hasPort }
}
