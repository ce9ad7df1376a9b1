/// Reads what a person writes as a number, by hand: `Int(String)` would take `+5`.
package struct DigitReader {
    private var rest: Substring.UTF8View

    package init(_ text: some StringProtocol) {
        rest = Substring(text).utf8
    }

    package var isAtEnd: Bool { rest.isEmpty }

    /// The digits that come next; nil when there are none or they do not fit.
    package mutating func whole() -> Int64? {
        guard let (value, _) = digits() else { return nil }
        return value
    }

    /// `5` or `1.5`, in units of `scale` (a power of ten); what is finer than one of those is dropped.
    package mutating func decimal(scale: Int64) -> Int64? {
        guard let (whole, _) = digits() else { return nil }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        guard rest.first == UInt8(ascii: ".") else { return scaled }
        rest.removeFirst()
        var (fraction, place, count) = (Int64(0), scale / 10, 0)
        while let digit = nextDigit() {
            fraction &+= digit &* place
            place /= 10
            count &+= 1
        }
        let (sum, tooMuch) = scaled.addingReportingOverflow(fraction)
        return count > 0 && !tooMuch ? sum : nil
    }

    /// The letters that come next, as they are.
    package mutating func letters() -> String {
        let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        rest = rest.dropFirst(letters.count)
        return String(decoding: letters, as: UTF8.self)
    }

    private mutating func digits() -> (value: Int64, count: Int)? {
        var (value, count) = (Int64(0), 0)
        while let digit = nextDigit() {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooMuch) = product.addingReportingOverflow(digit)
            guard !overflow, !tooMuch else { return nil }
            value = sum
            count &+= 1
        }
        return count > 0 ? (value, count) : nil
    }

    private mutating func nextDigit() -> Int64? {
        guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte &- 0x30)
    }
}
