package import AsyncHTTP

/// Numbers as people read them: at most one decimal, and short however large they are.
package enum ReadableNumber {
    private static let sizes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    private static let units: [(bound: Double, name: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M")]

    package static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        guard size < 1e15 else { return scientific(value) }
        for (bound, name) in units where size >= bound { return "\(tenths(value / bound)) \(name)" }
        return tenths(value)
    }

    /// In the unit that it fills: `512 B`, `3.2 MiB`.
    package static func text(_ size: ByteCount) -> String {
        var (value, units) = (Double(size.bytes), sizes[...])
        while value >= 1024, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        return "\(text(value)) \(units.first ?? "")"
    }

    /// With at most one decimal, rounded; what is not zero does not become it.
    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        if tenths == 0, value != 0 { return value < 0 ? "> -0.1" : "< 0.1" }
        let whole = "\(value < 0 ? "-" : "")\(abs(tenths) / 10)"
        return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
    }

    /// `1.2e300`.
    private static func scientific(_ value: Double) -> String {
        var (mantissa, exponent) = (value, 0)
        while abs(mantissa) >= 10 {
            mantissa /= 10
            exponent += 1
        }
        return "\(tenths(mantissa))e\(exponent)"
    }
}
