/// Whether a text is an exposition that Prometheus can read: text 0.0.4, text 1.0.0 or OpenMetrics 1.0.
///
/// It judges the form of each line. That names and types fit together, and that no series comes twice, is left to promtool.
package struct ExpositionCheck {
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let line: Int
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    private static let types = [
        "counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram",
    ]

    private let isOpenMetrics: Bool
    private var hasEnded = false

    package static func check(_ text: [UInt8], isOpenMetrics: Bool) throws(Problem) {
        guard (try? UTF8Span(validating: text.span)) != nil else { throw Problem(line: 1, reason: "it is no UTF-8") }
        var check = ExpositionCheck(isOpenMetrics: isOpenMetrics)
        var (start, number) = (text.startIndex, 0)
        while start < text.endIndex {
            number += 1
            guard let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                throw Problem(line: number, reason: "it does not end")
            }
            if let reason = check.reasonAgainst(text[start..<end]) { throw Problem(line: number, reason: reason) }
            start = end + 1
        }
        if isOpenMetrics, !check.hasEnded { throw Problem(line: number, reason: "there is no # EOF") }
    }

    private mutating func reasonAgainst(_ line: ArraySlice<UInt8>) -> String? {
        if hasEnded { return "something follows # EOF" }
        if line.isEmpty { return isOpenMetrics ? "it is empty" : nil }
        var reader = LineReader(line)
        if !isOpenMetrics {
            _ = reader.skipBlanks()
            if reader.next == nil { return nil }
        }
        return reader.next == UInt8(ascii: "#") ? comment(&reader) : sample(&reader)
    }

    // MARK: Comments

    private mutating func comment(_ reader: inout LineReader) -> String? {
        if isOpenMetrics, reader.skip("# EOF"), reader.next == nil {
            hasEnded = true
            return nil
        }
        _ = reader.skip(UInt8(ascii: "#"))
        _ = reader.skipBlanks()
        let keyword = String(decoding: reader.word(), as: UTF8.self)
        guard ["HELP", "TYPE", "UNIT"].contains(keyword) else { return isOpenMetrics ? "an unknown comment" : nil }
        _ = reader.skipBlanks()
        guard reader.skipQuoted() || reader.skipName(colonAllowed: true) else { return "\(keyword) without a name" }
        let isSeparated = reader.skipBlanks()
        guard keyword == "TYPE" else { return isSeparated || reader.next == nil ? nil : "an impossible name" }
        let type = String(decoding: reader.word(), as: UTF8.self)
        return isSeparated && Self.types.contains(type) && reader.next == nil ? nil : "an unknown type"
    }

    // MARK: Samples

    private func sample(_ reader: inout LineReader) -> String? {
        let isNamed = reader.skipName(colonAllowed: true)
        let isSpaced = reader.skipBlanks()
        if reader.skip(UInt8(ascii: "{")) {
            guard let names = labels(&reader) else { return "impossible labels" }
            guard names == (isNamed ? 0 : 1) else { return isNamed ? "two names" : "no name" }
            _ = reader.skipBlanks()
        } else if !isNamed || !isSpaced {
            return "no name"
        }
        guard Self.isNumber(reader.word()) else { return "its value is no number" }
        return end(&reader)
    }

    /// Behind the value: a timestamp, and in OpenMetrics an exemplar.
    private func end(_ reader: inout LineReader) -> String? {
        guard timestamp(&reader) else { return "its timestamp is no number" }
        if isOpenMetrics, reader.skip("# {") {
            guard labels(&reader) == 0, reader.skipBlanks(), Self.isNumber(reader.word()), timestamp(&reader) else {
                return "an impossible exemplar"
            }
        }
        return reader.next == nil ? nil : "something follows its value"
    }

    /// False when what stands there is neither a number nor an exemplar.
    private func timestamp(_ reader: inout LineReader) -> Bool {
        guard reader.skipBlanks(), let next = reader.next, next != UInt8(ascii: "#") else { return true }
        guard Self.isNumber(reader.word()) else { return false }
        _ = reader.skipBlanks()
        return true
    }

    /// Behind the brace. The number of names that stand there alone, which are the metric's; nil when something is wrong.
    private func labels(_ reader: inout LineReader) -> Int? {
        var names = 0
        _ = reader.skipBlanks()
        while !reader.skip(UInt8(ascii: "}")) {
            let isQuoted = reader.skipQuoted()
            guard isQuoted || reader.skipName(colonAllowed: false) else { return nil }
            _ = reader.skipBlanks()
            if reader.skip(UInt8(ascii: "=")) {
                _ = reader.skipBlanks()
                guard reader.skipQuoted() else { return nil }
            } else {
                guard isQuoted else { return nil }
                names += 1
            }
            _ = reader.skipBlanks()
            guard reader.skip(UInt8(ascii: ",")) || reader.next == UInt8(ascii: "}") else { return nil }
            _ = reader.skipBlanks()
        }
        return names
    }

    /// As Go writes and reads them, without hexadecimal and underscores.
    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let name = String(decoding: rest, as: UTF8.self).lowercased()
        if ["nan", "inf", "infinity"].contains(name) { return true }
        let digits: (inout ArraySlice<UInt8>) -> Int = { rest in
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        var count = digits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            count += digits(&rest)
        }
        guard count > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard digits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }
}
