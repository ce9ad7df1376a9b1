import AsyncHTTP

/// Durations as they are written in flags.
package enum DurationText {
    /// Nanoseconds.
    static let units: [String: Int64] = [
        "us": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
        "d": 86_400_000_000_000,
    ]

    /// The shortest way: `1h30m`, `250ms`, `0s`.
    package static func write(_ duration: Duration) -> String {
        var rest = duration.clampedNanoseconds
        guard rest > 0 else { return "0s" }
        var text = ""
        for (name, unit) in [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)] {
            let count = rest / Int64(unit)
            if count > 0 { text += "\(count)\(name)" }
            rest %= Int64(unit)
        }
        return rest > 0 ? text + "\(rest / 1000)us" : text
    }
}
