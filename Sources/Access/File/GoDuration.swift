/// Durations as Go writes them: `1s`, `1m30s`, `1.5h`.
enum GoDuration {
    private static let units: [String: Int64] = [
        "ns": 1, "us": 1000, "\u{B5}s": 1000, "\u{3BC}s": 1000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]

    /// In nanoseconds; nil for what is none, or too long.
    static func nanoseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = next(of: &rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    private static func next(of rest: inout Substring) -> Int64? {
        let whole = digits(of: &rest)
        var fraction = Substring()
        if rest.first == "." {
            rest.removeFirst()
            fraction = digits(of: &rest)
        }
        let name = rest.prefix { $0 != "." && !isDigit($0) }
        rest = rest.dropFirst(name.count)
        guard !(whole.isEmpty && fraction.isEmpty), let unit = units[String(name)],
            let count = whole.isEmpty ? 0 : Int64(whole), let part = Double("0.\(fraction)0")
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        let (sum, overflowToo) = product.addingReportingOverflow(Int64(part * Double(unit)))
        return overflow || overflowToo ? nil : sum
    }

    private static func digits(of rest: inout Substring) -> Substring {
        let digits = rest.prefix(while: isDigit)
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
