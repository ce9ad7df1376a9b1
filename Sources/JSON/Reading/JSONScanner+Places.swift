/// A string where it stands in a document: its form has been checked, and nothing is copied before somebody wants it.
package struct JSONPlace: Sendable {
    /// Between the quotes.
    package let range: Range<Int>
    /// Whether the bytes there are not yet what the string says.
    package let hasEscapes: Bool
}

extension JSONScanner {
    package mutating func place() throws(JSONError) -> JSONPlace {
        if peek() == UInt8(ascii: "\""), let end = endOfPlainString() {
            let range = index &+ 1..<end
            index = end &+ 1
            return JSONPlace(range: range, hasEscapes: false)
        }
        let start = index &+ 1
        return JSONPlace(range: start..<(try skipString()), hasEscapes: true)
    }

    /// The key that comes next, and the colon after it.
    package mutating func keyPlace() throws(JSONError) -> JSONPlace {
        guard peek() == UInt8(ascii: "\"") else { throw error("a key was expected") }
        let key = try place()
        try expect(UInt8(ascii: ":"), "a colon was expected")
        return key
    }

    /// Where the string that begins here ends; nil if there is more to it than bytes that stand for themselves.
    private func endOfPlainString() -> Int? {
        var end = index &+ 1
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") { return end }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
            end &+= 1
        }
        return nil
    }

    /// What the string says; nil where it is no text: bytes that are not UTF-8, or half of a surrogate pair.
    package func text(at place: JSONPlace) -> String? {
        guard place.hasEscapes else { return String(validating: bytes[place.range], as: UTF8.self) }
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
