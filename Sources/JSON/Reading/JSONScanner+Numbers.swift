extension JSONScanner {
    /// What a number amounts to, without its text. Not finite when it is beyond what a `Double` holds; zero when it is too small.
    package mutating func numberValue() throws(JSONError) -> Double {
        _ = peek()
        let start = index
        try skipNumber()
        let written = start..<index
        if let value = exactValue(of: written) { return value }
        guard written.count <= Self.longestNumber else { return .nan }
        return Double(String(decoding: bytes[written], as: UTF8.self)) ?? .nan
    }

    /// Most numbers have few digits: two exact doubles, multiplied or divided once, give the nearest one to what is written.
    private func exactValue(of written: Range<Int>) -> Double? {
        var (mantissa, digits, exponent) = (UInt64(0), 0, 0)
        var isFraction = false
        for position in written {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
                digits &+= 1
                if isFraction { exponent &+= 1 }
                guard digits <= Self.mostExactDigits else { return nil }
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "-"): continue
            default: return nil
            }
        }
        guard exponent < Self.powers.count else { return nil }
        let value = Double(mantissa) / Self.powers[exponent]
        return bytes[written.lowerBound] == UInt8(ascii: "-") ? -value : value
    }

    /// Below 2⁵³ whatever the digits are.
    private static let mostExactDigits = 15

    /// Of ten; all that are exact and can be needed.
    private static let powers: [Double] = (0...15).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }
}
