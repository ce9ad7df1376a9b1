import TestExposition

/// Texts and numbers that have broken readers before, and arbitrary ones.
extension SeededGenerator {
    mutating func identifier(_ alphabet: String) -> String {
        "a" + String((0..<number(in: 0...8)).compactMap { _ in alphabet.randomElement(using: &self) })
    }

    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func text() -> String {
        let nasty = Array(
            "\\\"\n\r\t {}=,#' \u{0}\u{7F}\u{85}\u{2028}\u{FEFF}é😀\u{301}\u{FFFF}\u{10FFFF}ntx".unicodeScalars
        )
        var scalars = String.UnicodeScalarView()
        for _ in 0..<number(in: 0...20) {
            if number(in: 0...3) > 0 {
                scalars.append(nasty.randomElement(using: &self) ?? "x")
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    mutating func double() -> Double {
        let special: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e6, 1e15, 1e16, 1e21, 1e-5, .nan, .infinity, -.infinity, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, .leastNormalMagnitude, 9_007_199_254_740_991, 9_007_199_254_740_992,
            0.30000000000000004,
        ]
        return switch number(in: 0...2) {
        case 0: special.randomElement(using: &self) ?? 0
        case 1: Double(bitPattern: next())
        default: Double(number(in: -1_000_000...1_000_000)) / 8
        }
    }

    mutating func finiteDouble() -> Double {
        let number = double()
        return number.isFinite ? number + 0 : 1
    }

    mutating func count() -> UInt64 {
        number(in: 0...20) == 0 ? .max - UInt64.random(in: 0...3, using: &self) : .random(in: 0...1 << 40, using: &self)
    }

    /// Mostly none. prometheus_client's strict parser misreads fractions of a second before 1970, and computes in floating
    /// point, so there are none of either that it could get wrong.
    mutating func time() -> Duration? {
        switch number(in: 0...5) {
        case 0: .milliseconds(number(in: 0...1_000_000_000_000_000))
        case 1: .seconds(number(in: -1_000_000...0))
        default: nil
        }
    }
}
