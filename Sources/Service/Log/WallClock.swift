import AsyncHTTP

/// The time of day, for what people read.
package enum WallClock {
    /// Since 1970.
    package static var sinceEpoch: Duration { .nanoseconds(wallClockNanoseconds()) }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T12:00:00.123Z`.
    package static func text(_ sinceEpoch: Duration) -> String {
        let nanoseconds = Int(max(0, sinceEpoch.clampedNanoseconds))
        let seconds = nanoseconds / 1_000_000_000
        let date = CivilDate(daysSince1970: seconds / 86_400)
        let clock = seconds % 86_400
        return
            "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))T"
            + "\(pad(clock / 3600)):\(pad(clock / 60 % 60)):\(pad(clock % 60)).\(pad(nanoseconds / 1_000_000 % 1000, 3))Z"
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
