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

    /// Takes what stands there once more, if it comes next: what has been read need not be read again.
    ///
    /// - Parameter range: of a string, an object or an array that was passed, or of a key with its colon: where these end does not
    ///   depend on what follows.
    package mutating func take(again range: Range<Int>) -> Bool {
        guard peek() != nil, range.count <= bytes.count &- index else { return false }
        var (known, next) = (range.lowerBound, index)
        while known &+ 8 <= range.upperBound {
            guard word(at: known) == word(at: next) else { return false }
            known &+= 8
            next &+= 8
        }
        while known < range.upperBound {
            guard bytes[known] == bytes[next] else { return false }
            known &+= 1
            next &+= 1
        }
        index = next
        return true
    }

    /// The string that begins here; nil if there is more to it than bytes that stand for themselves.
    private func simpleString() -> JSONPlace? {
        let start = index &+ 1
        var (end, seen) = (start, UInt64(0))
        // Eight bytes at a time.
        while end &+ 8 <= bytes.count {
            let word = word(at: end)
            let ends = Self.ends(in: word)
            guard ends != 0 else {
                seen |= word
                end &+= 8
                continue
            }
            let before = ends.trailingZeroBitCount & ~7
            end &+= before / 8
            seen |= word & ~(UInt64.max &<< UInt64(before))
            return bytes[end] == UInt8(ascii: "\"") ? plainPlace(start..<end, seen) : nil
        }
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") { return plainPlace(start..<end, seen) }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
            seen |= UInt64(byte)
            end &+= 1
        }
        return nil
    }

    /// - Parameter seen: the bits of its bytes, one over the other.
    @inline(__always)
    private func plainPlace(_ range: Range<Int>, _ seen: UInt64) -> JSONPlace {
        JSONPlace(range: range, hasEscapes: false, isPlain: seen & 0x8080_8080_8080_8080 == 0)
    }

    /// Eight bytes, the first in the lowest place. Any bits are an integer, and where they stand is checked.
    @inline(__always)
    private func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Which of eight bytes are a quote, a backslash or a control character, by their highest bits. The lowest of these bits is
    /// certain; a byte above it may have one for no reason.
    @inline(__always)
    private static func ends(in word: UInt64) -> UInt64 {
        let (ones, tops) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // A byte from which something larger is subtracted borrows, which shows in its highest bit.
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
        return found & tops
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
