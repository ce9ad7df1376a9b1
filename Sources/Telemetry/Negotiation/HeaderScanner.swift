/// Takes a header value of the form `element;parameter=value, element…` apart, as ranges of its bytes (RFC 9110 section 5.6).
///
/// Nothing is an error: what does not follow the grammar becomes an element that matches nothing.
enum HeaderScanner {
    /// How much something is wanted: `q` in thousandths (RFC 9110 section 12.4.2).
    typealias Weight = Int
    static let fullWeight: Weight = 1000

    /// The next element of a comma-separated list from `index` on, without the space around it; `nil` after the last.
    static func nextElement(of bytes: borrowing Span<UInt8>, from index: inout Int) -> Range<Int>? {
        next(of: bytes, from: &index, upTo: bytes.count, separator: UInt8(ascii: ","))
    }

    /// The next part of an element between semicolons: first its name, then its parameters.
    static func nextPart(of bytes: borrowing Span<UInt8>, in element: Range<Int>, from index: inout Int) -> Range<Int>?
    {
        next(of: bytes, from: &index, upTo: element.upperBound, separator: UInt8(ascii: ";"))
    }

    private static func next(
        of bytes: borrowing Span<UInt8>,
        from index: inout Int,
        upTo end: Int,
        separator: UInt8
    ) -> Range<Int>? {
        guard index <= end else { return nil }
        let start = index
        var isQuoted = false
        var isEscaped = false
        while index < end {
            let byte = bytes[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                break
            }
            index += 1
        }
        let found = trim(start..<index, of: bytes)
        index += 1
        return found
    }

    /// The name and the value of `name=value`, the value without quotes; `nil` if there is no `=`.
    static func parameter(_ part: Range<Int>, of bytes: borrowing Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)?
    {
        for index in part where bytes[index] == UInt8(ascii: "=") {
            let name = trim(part.lowerBound..<index, of: bytes)
            var value = trim(index + 1..<part.upperBound, of: bytes)
            let quote = UInt8(ascii: "\"")
            if value.count >= 2, bytes[value.lowerBound] == quote, bytes[value.upperBound - 1] == quote {
                value = value.lowerBound + 1..<value.upperBound - 1
            }
            return (name, value)
        }
        return nil
    }

    /// Compares without regard to the case of ASCII letters; `token` is lower case.
    static func matches(_ range: Range<Int>, of bytes: borrowing Span<UInt8>, _ token: StaticString) -> Bool {
        guard range.count == token.utf8CodeUnitCount else { return false }
        return token.withUTF8Buffer { token in
            for offset in 0..<range.count {
                let byte = bytes[range.lowerBound + offset]
                let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                guard unsafe (isUpper ? byte | 0x20 : byte) == token[offset] else { return false }
            }
            return true
        }
    }

    /// `0`, `0.5`, `1.000` …; digits after the third are dropped. `nil` for anything else: `2`, `-1`, `.5`, `high`.
    static func weight(_ range: Range<Int>, of bytes: borrowing Span<UInt8>) -> Weight? {
        guard let first = range.first else { return nil }
        var weight: Weight
        switch bytes[first] {
        case UInt8(ascii: "0"): weight = 0
        case UInt8(ascii: "1"): weight = fullWeight
        default: return nil
        }
        guard range.count > 1 else { return weight }
        guard bytes[first + 1] == UInt8(ascii: ".") else { return nil }
        var place = fullWeight / 10
        for index in first + 2..<range.upperBound {
            let byte = bytes[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            weight += Int(byte - UInt8(ascii: "0")) * place
            place /= 10
        }
        return weight <= fullWeight ? weight : nil
    }

    private static func trim(_ range: Range<Int>, of bytes: borrowing Span<UInt8>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
