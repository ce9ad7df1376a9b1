/// Judges the extensions of a chunk byte by byte; nobody uses them, and lenient readers have been fooled by them
/// (RFC 9112 section 7.1.1).
struct ChunkExtensionRule: Sendable {
    private enum State: UInt8 {
        case nameStart, name, valueStart, value, quoted, quotedPair, afterQuoted
    }

    private var state = State.nameStart

    /// Takes one byte behind the first semicolon; false when it is not allowed there.
    mutating func accept(_ byte: UInt8) -> Bool {
        switch state {
        case .nameStart:
            state = .name
            return ByteSet.token.contains(byte)
        case .name:
            if byte == UInt8(ascii: "=") {
                state = .valueStart
                return true
            }
            return acceptInside(byte)
        case .valueStart:
            state = byte == UInt8(ascii: "\"") ? .quoted : .value
            return state == .quoted || ByteSet.token.contains(byte)
        case .value: return acceptInside(byte)
        case .quoted:
            switch byte {
            case UInt8(ascii: "\""): state = .afterQuoted
            case UInt8(ascii: "\\"): state = .quotedPair
            default: break
            }
            return !byte.isForbiddenInText
        case .quotedPair:
            state = .quoted
            return !byte.isForbiddenInText
        case .afterQuoted:
            state = .nameStart
            return byte == UInt8(ascii: ";")
        }
    }

    private mutating func acceptInside(_ byte: UInt8) -> Bool {
        guard byte == UInt8(ascii: ";") else { return ByteSet.token.contains(byte) }
        state = .nameStart
        return true
    }

    /// Whether the line may end here.
    var isComplete: Bool {
        switch state {
        case .name, .value, .afterQuoted: true
        case .nameStart, .valueStart, .quoted, .quotedPair: false
        }
    }
}
