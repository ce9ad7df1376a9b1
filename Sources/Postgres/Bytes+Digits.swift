extension [UInt8] {
    /// A number as the server reads it.
    mutating func append(digits number: Int64) {
        // A division by what is known is a multiplication.
        var digits = InlineArray<19, UInt8>(repeating: 0)
        var (rest, first) = (number.magnitude, digits.count)
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { append(UInt8(ascii: "-")) }
        for place in first..<digits.count { append(digits[place]) }
    }

    /// The last digits of a number that is not negative, zeros before them.
    mutating func append(_ number: Int64, digits count: Int) {
        var unit: Int64 = 1
        for _ in 1..<count { unit *= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }
}
