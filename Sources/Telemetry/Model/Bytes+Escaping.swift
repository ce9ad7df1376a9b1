extension [UInt8] {
    /// Appends text as the formats want it: backslash and newline escaped, and the quote where text is quoted.
    package mutating func append(escaping text: String, quotes: Bool) {
        guard text.isToBeEscaped else { return append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where quotes: append(contentsOf: #"\""#.utf8)
            default: append(byte)
            }
        }
    }
}

extension String {
    /// Whether there is a character in it that the formats escape.
    package var isToBeEscaped: Bool {
        let bytes = utf8.span
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\""): return true
            default: continue
            }
        }
        return false
    }
}
