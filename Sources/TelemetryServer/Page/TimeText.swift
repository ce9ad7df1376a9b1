import AsyncHTTP

/// Times and spans, as people read them in a hurry.
package enum TimeText {
    /// `14:03:22 UTC`, with the day when that is not today's.
    ///
    /// - Parameters: both in RFC 3339, in UTC.
    package static func clock(_ stamp: String, now: String) -> String {
        let (day, today) = (stamp.prefix(10), now.prefix(10))
        return "\(day == today ? "" : "\(day) ")\(stamp.dropFirst(11).prefix(8)) UTC"
    }

    /// The two largest units: `4 min 12 s`, `3 d 4 h`, `250 ms`.
    package static func span(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.clampedMilliseconds)
        guard milliseconds >= 1000 || milliseconds == 0 else { return "\(milliseconds) ms" }
        let seconds = milliseconds / 1000
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
        let shown = parts[first...].prefix(2).filter { $0.0 > 0 }
        return shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
