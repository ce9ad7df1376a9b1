extension Double {
    /// What the formats call a number that is none.
    var notFiniteDescription: String {
        isNaN ? "NaN" : self > 0 ? "+Inf" : "-Inf"
    }

    /// OpenMetrics' canonical number, which bounds (`le`) must have: as `%g` would print it, but never without `.` or `e`.
    ///
    /// Swift changes to exponents at 2⁵³, `%g` at a million: `1e+06`, `2.5e+07`.
    var canonicalDescription: String {
        guard isFinite else { return notFiniteDescription }
        let plain = magnitude.description
        let sign = self.sign == .minus ? "-" : ""
        guard !plain.contains("e"), let point = plain.firstIndex(of: ".") else { return sign + plain }
        let integer = plain[..<point]
        guard integer.count > 6 else { return sign + plain }
        var mantissa = integer.dropFirst() + plain[plain.index(after: point)...]
        while mantissa.last == "0" { mantissa.removeLast() }
        let exponent = integer.count - 1
        let fraction = mantissa.isEmpty ? "" : "." + mantissa
        return "\(sign)\(integer.prefix(1))\(fraction)e+\(exponent < 10 ? "0" : "")\(exponent)"
    }
}
