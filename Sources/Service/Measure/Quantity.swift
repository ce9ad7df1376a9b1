/// Numbers as people read them.
package enum Quantity {
    /// `950 ns`, `62.1 µs`, `1.35 ms`, `2.10 s`.
    package static func time(_ nanoseconds: Double) -> String {
        let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]
        guard let (unit, name) = units.first(where: { nanoseconds >= $0.0 }) else { return "\(Int(nanoseconds)) ns" }
        return "\(significant(nanoseconds / unit)) \(name)"
    }

    /// `512 B`, `7.30 kB`, `1.20 MB`.
    package static func bytes(_ count: Double) -> String {
        let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        guard let (unit, name) = units.first(where: { count >= $0.0 }) else { return "\(Int(count)) B" }
        return "\(significant(count / unit)) \(name)"
    }

    /// `49,998`.
    package static func count(_ count: UInt64) -> String {
        var (digits, text) = (Array(String(count)), "")
        while digits.count > 3 {
            text = ",\(String(digits.suffix(3)))\(text)"
            digits.removeLast(3)
        }
        return String(digits) + text
    }

    /// `4,999.8`, and without a fraction from 10,000 on.
    package static func rate(_ perSecond: Double) -> String {
        guard perSecond < 10_000 else { return count(UInt64(perSecond.rounded())) }
        let tenths = UInt64((max(0, perSecond) * 10).rounded())
        return "\(count(tenths / 10)).\(tenths % 10)"
    }

    /// Three digits of a number from 1 to 999.
    private static func significant(_ value: Double) -> String {
        decimal(value, places: value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)
    }

    package static func decimal(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard places > 0 else { return "\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(scaled / scale).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }
}

extension String {
    /// With blanks in front of it.
    package func aligned(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
