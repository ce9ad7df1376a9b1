extension [UInt8] {
    /// Appends decimal digits without making a string.
    mutating func append(decimal number: UInt64) {
        guard number >= 10 else { return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number)) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        var rest = number
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        // All at once: an array asks for each byte alone whether it is its only owner.
        let written = digits.span.extracting(first..<digits.count)
        unsafe written.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a sample's value: the shortest digits that read back as the same number.
    ///
    /// OpenMetrics wants a whole float to look like one (`1.0`); text 0.0.4 has always had plain integers (`1`).
    package mutating func append(number: Double, in dialect: Dialect) {
        guard number.isFinite else { return append(contentsOf: number.notFiniteDescription.utf8) }
        guard let whole = UInt64(exactly: number.magnitude), whole < Self.exactlyPrinted else {
            return append(contentsOf: number.description.utf8)
        }
        let isNegative = number.sign == .minus
        if isNegative { append(UInt8(ascii: "-")) }
        append(decimal: whole)
        // A reader may take `-0` for an integer, which has no sign at zero.
        if dialect == .openMetrics || (isNegative && whole == 0) {
            append(UInt8(ascii: "."))
            append(UInt8(ascii: "0"))
        }
    }

    /// Appends a space and a time: text has whole milliseconds, OpenMetrics seconds.
    mutating func append(time milliseconds: Int64, in dialect: Dialect) {
        append(contentsOf: milliseconds < 0 ? " -".utf8 : " ".utf8)
        guard dialect == .openMetrics else { return append(decimal: milliseconds.magnitude) }
        let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        append(decimal: seconds)
        guard rest > 0 else { return }
        append(UInt8(ascii: "."))
        if rest < 100 { append(UInt8(ascii: "0")) }
        if rest < 10 { append(UInt8(ascii: "0")) }
        append(decimal: rest)
    }

    /// Above 2⁵³ digits would pretend a precision that the number has not.
    private static var exactlyPrinted: UInt64 { 1 << 53 }
}
