/// The samples of a report as its row keeps them: `[[series,value],[series,value,offset]]`, JSON that `json_each` reads.
///
/// An offset is how much later a sample was taken than the report's time, in milliseconds; most have none. What is no number in
/// JSON stands in quotes: `"NaN"`, `"Inf"`, `"-Inf"`.
struct SamplePayload {
    struct Sample: Sendable, Hashable {
        let series: Int64
        let value: Double
        /// Milliseconds since 1970.
        let time: Int64
    }

    // MARK: Writing

    private(set) var bytes: [UInt8] = [UInt8(ascii: "[")]
    private let time: Int64

    /// - Parameter time: the report's.
    init(time: Int64, count: Int) {
        self.time = time
        bytes.reserveCapacity(2 + 24 * count)
    }

    mutating func append(_ sample: Sample) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "["))
        append(sample.series)
        bytes.append(UInt8(ascii: ","))
        append(sample.value)
        if sample.time != time {
            bytes.append(UInt8(ascii: ","))
            append(sample.time &- time)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func end() {
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus {
            append(whole)
        } else if value.isNaN {
            bytes += #""NaN""#.utf8
        } else if value.isInfinite {
            bytes += (value < 0 ? #""-Inf""# : #""Inf""#).utf8
        } else if let thousandths = Self.thousandths(value) {
            append(thousandths: thousandths)
        } else {
            bytes += value.description.utf8
        }
    }

    /// Most numbers have few decimals. Fifteen digits are exact, and their quotient is rounded once: whoever reads them finds the
    /// same number.
    private static func thousandths(_ value: Double) -> Int64? {
        let scaled = (value * 1000).rounded()
        guard scaled != 0, scaled.magnitude < 1e15, scaled / 1000 == value else { return nil }
        return Int64(scaled)
    }

    private mutating func append(thousandths value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
        append(Int64(whole))
        bytes.append(UInt8(ascii: "."))
        var (fraction, unit) = (rest, UInt64(100))
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(fraction / unit))
            fraction %= unit
            unit /= 10
        } while fraction > 0
    }

    private mutating func append(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        var unit: UInt64 = 1
        while magnitude / unit >= 10 { unit *= 10 }
        var rest = magnitude
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    // MARK: Reading

    /// - Returns: nil when it is not what was written.
    static func decode(_ bytes: [UInt8], time: Int64) -> [Sample]? {
        var reader = Reader(bytes: bytes)
        guard reader.take("[") else { return nil }
        var samples: [Sample] = []
        samples.reserveCapacity(bytes.count / 12)
        if reader.take("]") { return reader.isAtEnd ? samples : nil }
        repeat {
            guard reader.take("["), let series = reader.integer(), reader.take(","), let value = reader.double() else {
                return nil
            }
            var offset: Int64 = 0
            if reader.take(",") {
                guard let written = reader.integer() else { return nil }
                offset = written
            }
            guard reader.take("]") else { return nil }
            samples.append(Sample(series: series, value: value, time: time &+ offset))
        } while reader.take(",")
        return reader.take("]") && reader.isAtEnd ? samples : nil
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }
        private var next: UInt8 { index < bytes.count ? bytes[index] : 0 }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func integer() -> Int64? {
            let isNegative = take("-")
            var value: Int64 = 0
            let start = index
            while case let digit = next &- UInt8(ascii: "0"), digit < 10 {
                let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
                let (sum, overflow) =
                    isNegative
                    ? tens.subtractingReportingOverflow(Int64(digit)) : tens.addingReportingOverflow(Int64(digit))
                if tooMany || overflow { return nil }
                value = sum
                index += 1
            }
            return index > start ? value : nil
        }

        mutating func double() -> Double? {
            if take("\"") { return word() }
            let start = index
            while case let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != 0 { index += 1 }
            let text = bytes[start..<index]
            return Self.short(text) ?? Double(String(decoding: text, as: UTF8.self))
        }

        private mutating func word() -> Double? {
            let start = index
            while next != UInt8(ascii: "\""), next != 0 { index += 1 }
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            return take("\"") ? ["NaN": .nan, "Inf": .infinity, "-Inf": -.infinity][text] : nil
        }

        /// Most numbers are short. Fifteen digits and a power of ten up to 22 are exact in a `Double`, and so their quotient is
        /// rounded once, as it should be.
        private static func short(_ text: ArraySlice<UInt8>) -> Double? {
            let isNegative = text.first == UInt8(ascii: "-")
            let digits = isNegative ? text.dropFirst() : text
            guard (1...16).contains(digits.count) else { return nil }
            var (value, fraction, hasPoint) = (Int64(0), 0, false)
            for byte in digits {
                let digit = byte &- UInt8(ascii: "0")
                if digit < 10 {
                    value = value &* 10 &+ Int64(digit)
                    if hasPoint { fraction += 1 }
                } else if byte == UInt8(ascii: "."), !hasPoint {
                    hasPoint = true
                } else {
                    return nil
                }
            }
            guard value < 1 << 53, fraction < powers.count else { return nil }
            let quotient = Double(value) / powers[fraction]
            return isNegative ? -quotient : quotient
        }

        private static let powers: [Double] = [
            1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        ]
    }
}
