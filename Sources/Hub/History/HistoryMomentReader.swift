import AsyncHTTP

/// Reads moments as the server writes them, in UTC and ISO style: `2026-11-26 12:00:00.123456+00`. Most are of the same day, which is
/// read once.
struct HistoryMomentReader {
    private static let lengthOfDay = 10
    private static let zone = Array("+00".utf8)

    private var day = (text: [UInt8](), microseconds: Int64(0))

    /// - Returns: nil for what is no such text.
    mutating func read(_ text: String) -> HistoryMoment? {
        let text = text.utf8.span
        guard text.count > Self.lengthOfDay, let midnight = midnight(text.extracting(0..<Self.lengthOfDay)),
            let time = Self.time(text.extracting(Self.lengthOfDay..<text.count))
        else { return nil }
        return HistoryMoment(microseconds: midnight + time)
    }

    private mutating func midnight(_ text: Span<UInt8>) -> Int64? {
        if day.text.span.equals(text) { return day.microseconds }
        let bytes = text.indices.map { text[$0] }
        guard let milliseconds = ReportedTime.milliseconds(of: (bytes + " 00:00:00Z".utf8)[...]) else { return nil }
        day = (bytes, milliseconds * 1000)
        return day.microseconds
    }

    /// ` 12:00:00.123456+00` in microseconds: a digit of a fraction is a tenth of the one before it.
    private static func time(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 12, let hour = number(text, at: 1), let minute = number(text, at: 4),
            let second = number(text, at: 7)
        else { return nil }
        var (microseconds, unit, index) = (((hour * 60 + minute) * 60 + second) * 1_000_000, Int64(100_000), 9)
        if text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
                microseconds += Int64(digit) * unit
                unit /= 10
                index += 1
            }
        }
        return text.extracting(index..<text.count).equals(zone.span) ? microseconds : nil
    }

    private static func number(_ text: Span<UInt8>, at index: Int) -> Int64? {
        let (tens, ones) = (text[index] &- UInt8(ascii: "0"), text[index + 1] &- UInt8(ascii: "0"))
        return tens < 10 && ones < 10 ? Int64(tens) * 10 + Int64(ones) : nil
    }
}
