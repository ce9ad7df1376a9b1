/// A string where it stands in a document: its form has been checked, and nothing is copied before somebody wants it.
package struct JSONPlace: Sendable, Hashable {
    /// Between the quotes.
    package let range: Range<Int>
    /// Whether the bytes there are not yet what the string says.
    package let hasEscapes: Bool
    /// Whether there is certainly nothing but ASCII in it, so that it is a text.
    let isPlain: Bool
}

extension JSONScanner {
    package mutating func place() throws(JSONError) -> JSONPlace {
        if peek() == UInt8(ascii: "\""), let place = simpleString() {
            index = place.range.upperBound &+ 1
            return place
        }
        let start = index &+ 1
        return JSONPlace(range: start..<(try skipString()), hasEscapes: true, isPlain: false)
    }

    /// The key that comes next, and the colon after it.
    package mutating func keyPlace() throws(JSONError) -> JSONPlace {
        guard peek() == UInt8(ascii: "\"") else { throw error("a key was expected") }
        let key = try place()
        try expect(UInt8(ascii: ":"), "a colon was expected")
        return key
    }

    /// The string that begins here; nil if there is more to it than bytes that stand for themselves.
    private func simpleString() -> JSONPlace? {
        let start = index &+ 1
        var end = start
        var seen: UInt64 = 0
        // Eight bytes at a time, as long as none of them ends the string.
        while end &+ 8 <= bytes.count {
            let word = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: end, as: UInt64.self) }
            if Self.mayHaveEnd(word) { break }
            seen |= word
            end &+= 8
        }
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") {
                return JSONPlace(range: start..<end, hasEscapes: false, isPlain: seen & 0x8080_8080_8080_8080 == 0)
            }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
            seen |= UInt64(byte)
            end &+= 1
        }
        return nil
    }

    /// Whether one of eight bytes is a quote, a backslash or a control character. It may say yes of others, never no of these.
    @inline(__always)
    private static func mayHaveEnd(_ word: UInt64) -> Bool {
        let (ones, tops) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // A byte from which something larger is subtracted borrows, which shows in its highest bit.
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
        return found & tops != 0
    }

    /// What the string says; nil where it is no text: bytes that are not UTF-8, or half of a surrogate pair.
    package func text(at place: JSONPlace) -> String? {
        if place.isPlain { return String(decoding: bytes[place.range], as: UTF8.self) }
        guard let decoded = decoded(at: place) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    /// The string's bytes with its escapes decoded; nil where half of a surrogate pair is escaped.
    package func decoded(at place: JSONPlace) -> [UInt8]? {
        guard place.hasEscapes else { return Array(bytes[place.range]) }
        var decoded: [UInt8] = []
        var start = place.range.lowerBound
        while start < place.range.upperBound {
            guard bytes[start] == UInt8(ascii: "\\") else {
                decoded.append(bytes[start])
                start &+= 1
                continue
            }
            if bytes[start &+ 1] == UInt8(ascii: "u"), unicodeEscape(at: start).0 == nil { return nil }
            start = decodeEscape(at: start, to: &decoded)
        }
        return decoded
    }
}
