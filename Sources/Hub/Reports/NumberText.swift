import JSON

/// Numbers that are written as texts.
enum NumberText {
    /// What Prometheus reads as a number that is none; capitals do not matter.
    private static let words: [(text: [UInt8], value: Double)] = [
        ("nan", Double.nan), ("inf", .infinity), ("+inf", .infinity), ("-inf", -.infinity),
        ("infinity", .infinity), ("+infinity", .infinity), ("-infinity", -.infinity),
    ].map { (Array($0.0.utf8), $0.1) }

    /// Nil unless the whole text is one number, as JSON would write it, or one of the words.
    static func value(of body: [UInt8], _ place: JSONPlace) -> Double? {
        guard !place.hasEscapes else { return nil }
        let text = body[place.range]
        if let number = number(text) { return number.isFinite ? number : nil }
        return words.first { word in
            word.text.count == text.count
                && zip(word.text, text).allSatisfy { $0 == ($1 >= UInt8(ascii: "A") ? $1 | 0x20 : $1) }
        }?.value
    }

    /// Nil for what is no number; not finite for one that is too large.
    static func number(_ text: ArraySlice<UInt8>) -> Double? {
        guard let first = text.first, (0x30...0x39).contains(first) || first == UInt8(ascii: "-") else { return nil }
        var scanner = JSONScanner(Array(text))
        guard let value = try? scanner.numberValue(), scanner.index == text.count else { return nil }
        return value
    }
}
