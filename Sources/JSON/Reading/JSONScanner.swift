/// Reads the tokens of a JSON text (RFC 8259) one after another. Nothing recurses, so no nesting can exhaust the stack.
///
/// Strict about structure. Bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD: they are a matter of one
/// string, and a string that is not asked for is not even decoded.
package struct JSONScanner {
    let bytes: [UInt8]
    package internal(set) var index = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is not JSON, but some programs write one.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    package func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: index) }

    /// The byte at the beginning of the next token; nil at the end.
    @inline(__always)
    package mutating func peek() -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            if byte > 0x20 || !Self.isSpace(byte) { return byte }
            index &+= 1
        }
        return nil
    }

    /// Takes one byte if it comes next.
    @inline(__always)
    package mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index &+= 1
        return true
    }

    package mutating func expect(_ byte: UInt8, _ reason: String) throws(JSONError) {
        if !take(byte) { throw error(reason) }
    }

    /// Takes what is neither object nor array.
    package mutating func scalar() throws(JSONError) -> JSONScalar {
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    /// Passes over what is neither object nor array.
    mutating func skipScalar() throws(JSONError) {
        switch peek() {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): _ = try scalar()
        default: try skipNumber()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONScalar) throws(JSONError) -> JSONScalar {
        let isThere = word.withUTF8Buffer { word in
            for offset in word.indices {
                guard index < bytes.count, unsafe bytes[index] == word[offset] else { return false }
                index &+= 1
            }
            return true
        }
        guard isThere else { throw error("unknown word") }
        return value
    }

    // MARK: Strings

    package mutating func string() throws(JSONError) -> String {
        String(decoding: try stringBytes(), as: UTF8.self)
    }

    /// A string with its escapes decoded, as it was sent.
    mutating func stringBytes() throws(JSONError) -> [UInt8] {
        var decoded: [UInt8] = []
        var start = index &+ 1
        let end = try skipString()
        while start < end {
            let run = bytes[start..<end].prefix { $0 != UInt8(ascii: "\\") }
            decoded += run
            start = run.endIndex
            if start < end { start = decodeEscape(at: start, to: &decoded) }
        }
        return decoded
    }

    /// Passes over a string and checks its form.
    /// - Returns: where its closing quote is.
    @discardableResult
    mutating func skipString() throws(JSONError) -> Int {
        try expect(UInt8(ascii: "\""), "a string was expected")
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index &+= 1
                return index &- 1
            case UInt8(ascii: "\\"): try skipEscape()
            case 0..<0x20: throw error("a control character in a string")
            default: index &+= 1
            }
        }
        throw error("a string does not end")
    }

    private mutating func skipEscape() throws(JSONError) {
        index &+= 1
        guard index < bytes.count else { throw error("a string does not end") }
        switch bytes[index] {
        case UInt8(ascii: "u"):
            guard hexadecimal(at: index &+ 1) != nil else { throw error("\\u without four hexadecimal digits") }
            index &+= 5
        case let byte where "\"\\/bfnrt".utf8.contains(byte): index &+= 1
        default: throw error("an unknown escape in a string")
        }
    }

    /// The escape has been checked.
    func decodeEscape(at start: Int, to output: inout [UInt8]) -> Int {
        let letter = bytes[start &+ 1]
        switch letter {
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            let (scalar, length) = unicodeEscape(at: start)
            output += Array(String(Character(scalar ?? "\u{FFFD}")).utf8)
            return start &+ length
        default: output.append(letter)
        }
        return start &+ 2
    }

    /// - Returns: no scalar for half of a surrogate pair.
    func unicodeEscape(at start: Int) -> (Unicode.Scalar?, length: Int) {
        guard let first = hexadecimal(at: start &+ 2) else { return (nil, 6) }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        let next = start &+ 6
        guard first < 0xDC00, next &+ 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"),
            bytes[next &+ 1] == UInt8(ascii: "u"), let second = hexadecimal(at: next &+ 2),
            (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 &+ ((first &- 0xD800) << 10) &+ (second &- 0xDC00))
        else { return (nil, 6) }
        return (scalar, 12)
    }

    private func hexadecimal(at start: Int) -> UInt32? {
        guard start &+ 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for offset in start..<start &+ 4 {
            let byte = bytes[offset]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte &- 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte &- 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte &- 0x57)
            default: return nil
            }
        }
        return value
    }

    // MARK: Numbers

    /// No `Double` needs more digits than this; a longer number is well-formed and has no value.
    static let longestNumber = 400

    package mutating func number() throws(JSONError) -> JSONNumber {
        let start = index
        try skipNumber()
        guard index &- start <= Self.longestNumber else { return JSONNumber(text: "", value: .nan) }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        // The grammar has been checked: what `Double` would take besides it cannot be here.
        return JSONNumber(text: text, value: Double(text) ?? .nan)
    }

    mutating func skipNumber() throws(JSONError) {
        if peek() == UInt8(ascii: "-") { index &+= 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index &+= 1
        } else if skipDigits() == 0 {
            throw error("a value was expected")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index &+= 1
            if skipDigits() == 0 { throw error("a number without digits after its point") }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index &+= 1
            }
            if skipDigits() == 0 { throw error("a number without digits in its exponent") }
        }
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index &+= 1 }
        return index &- start
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
