/// A single value as text, and what it may be read as.
///
/// What is plain is read as Go's yaml.v2 reads it, because that is what configuration files were written for: YAML 1.1's
/// booleans, octal numbers with a leading zero, underscores between digits.
package struct YAMLScalar: Sendable, Hashable {
    package let text: String
    /// Written without quotes, so that it may be something other than a text.
    package let isPlain: Bool

    package init(_ text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    package var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// Nil for what is no boolean.
    package var boolean: Bool? {
        guard isPlain else { return nil }
        return switch text {
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": true
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": false
        default: nil
        }
    }

    /// A number without what it has behind the point; nil for what is no number, or too large.
    package var integer: Int64? {
        guard isPlain, let first = text.utf8.first, Self.beginnings.contains(first) else { return nil }
        let digits = text.filter { $0 != "_" }
        return Self.whole(digits) ?? Self.decimal(digits).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
    }

    private static let beginnings = Set("+-.0123456789".utf8)

    private static func whole(_ text: String) -> Int64? {
        var digits = Substring(text)
        let sign = digits.first == "-" || digits.first == "+" ? String(digits.removeFirst()) : ""
        guard digits.first?.isASCII == true, digits.first?.isNumber == true else { return nil }
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2), ("0", 8)]
        where digits.hasPrefix(prefix) && digits != "0" {
            let rest = digits.dropFirst(prefix.count)
            // A second sign would be taken for the number's own.
            return rest.first?.isHexDigit == true ? Int64(sign + rest, radix: radix) : nil
        }
        return Int64(sign + digits, radix: 10)
    }

    private static func decimal(_ text: String) -> Double? {
        // Words and hexadecimal digits, which Swift takes too, are none.
        guard text.utf8.allSatisfy({ beginnings.contains($0) || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") })
        else { return nil }
        return Double(text)
    }
}
