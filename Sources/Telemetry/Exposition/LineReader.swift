/// Reads one line of an exposition, piece by piece.
struct LineReader {
    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Passes blanks; false when there are none.
    mutating func skipBlanks() -> Bool {
        let start = position
        while next == 0x20 || next == 0x09 { position += 1 }
        return position > start
    }

    mutating func skip(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; a label has no colon.
    mutating func skipName(colonAllowed: Bool) -> Bool {
        let start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9") where position > start: break
            case UInt8(ascii: ":") where colonAllowed: break
            default: return position > start
            }
            position += 1
        }
        return position > start
    }

    /// In double quotes, with `\\`, `\"` and `\n` as the only escapes.
    mutating func skipQuoted() -> Bool {
        guard skip(UInt8(ascii: "\"")) else { return false }
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"):
                guard let escaped = next, "\\\"n".utf8.contains(escaped) else { return false }
                position += 1
            default: break
            }
        }
        return false
    }

    /// What stands up to the next blank.
    mutating func word() -> ArraySlice<UInt8> {
        let start = position
        while let byte = next, byte != 0x20, byte != 0x09 { position += 1 }
        return bytes[start..<position]
    }
}
