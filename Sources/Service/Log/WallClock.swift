import AsyncHTTP

/// The time of day, for what people read.
package enum WallClock {
    /// Since 1970.
    package static var sinceEpoch: Duration { .nanoseconds(wallClockNanoseconds()) }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T12:00:00.123Z`.
    package static func text(_ sinceEpoch: Duration) -> String {
        let nanoseconds = max(0, sinceEpoch.clampedNanoseconds)
        let seconds = nanoseconds / 1_000_000_000
        let (year, month, day) = date(daysSinceEpoch: seconds / 86_400)
        let clock = seconds % 86_400
        return
            "\(pad(year, 4))-\(pad(month))-\(pad(day))T\(pad(clock / 3600)):\(pad(clock / 60 % 60)):\(pad(clock % 60))"
            + ".\(pad(nanoseconds / 1_000_000 % 1000, 3))Z"
    }

    /// The Gregorian date, counted in eras of 400 years that begin in March, so that the leap day comes last.
    private static func date(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSinceEpoch + 719_468
        let (era, dayOfEra) = (days / 146_097, days % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func pad(_ number: Int64, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
