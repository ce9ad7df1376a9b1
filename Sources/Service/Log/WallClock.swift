import AsyncHTTP

/// The time of day, for what people read.
package enum WallClock {
    /// Since 1970.
    package static var sinceEpoch: Duration { .nanoseconds(wallClockNanoseconds()) }

    /// The same in milliseconds.
    package static var milliseconds: Int64 { wallClockNanoseconds() / 1_000_000 }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T12:00:00.123Z`.
    package static func text(_ sinceEpoch: Duration) -> String {
        text(milliseconds: max(0, sinceEpoch.clampedNanoseconds) / 1_000_000)
    }

    /// The same of any time, those before 1970 included.
    package static func text(milliseconds: Int64) -> String {
        let day: Int64 = 86_400_000
        let days = milliseconds / day - (milliseconds % day < 0 ? 1 : 0)
        let date = CivilDate(daysSince1970: Int(days))
        let time = Int(milliseconds &- days &* day)
        let clock = time / 1000
        return
            "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))T"
            + "\(pad(clock / 3600)):\(pad(clock / 60 % 60)):\(pad(clock % 60)).\(pad(time % 1000, 3))Z"
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
