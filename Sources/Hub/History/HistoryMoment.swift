import AsyncHTTP
import Service

/// A moment as the database keeps it: microseconds since 1970.
struct HistoryMoment: Sendable, Hashable, Comparable {
    /// The first moment of the year 1 and the last of the year 9999: no hub writes others.
    static let earliest = HistoryMoment(milliseconds: -62_135_596_800_000)
    static let latest = HistoryMoment(microseconds: 253_402_300_799_999_999)

    let microseconds: Int64

    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// What is outside of those years is moved to their nearer end.
    init(milliseconds: Int64) {
        let (microseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        self.microseconds = overflow ? (milliseconds < 0 ? .min : .max) : microseconds
    }

    /// - Parameter text: as the server writes it, in UTC and ISO style: `2026-11-26 12:00:00.123456+00`.
    init?(text: String) {
        var reader = HistoryMomentReader()
        guard let moment = reader.read(text) else { return nil }
        self = moment
    }

    var milliseconds: Int64 {
        let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// As the server reads it.
    var text: String {
        let moment = clamped
        let rest = "\(1000 + moment.microseconds - moment.milliseconds * 1000)"
        return "\(WallClock.text(milliseconds: moment.milliseconds).dropLast())\(rest.dropFirst())Z"
    }

    private var clamped: HistoryMoment { min(max(self, Self.earliest), Self.latest) }

    /// So much earlier, and not before the first.
    func earlier(by duration: Duration) -> HistoryMoment {
        let (microseconds, overflow) = clamped.microseconds.subtractingReportingOverflow(
            duration.clampedNanoseconds / 1000
        )
        return overflow ? Self.earliest : max(HistoryMoment(microseconds: microseconds), Self.earliest)
    }

    static func < (one: HistoryMoment, other: HistoryMoment) -> Bool { one.microseconds < other.microseconds }
}
