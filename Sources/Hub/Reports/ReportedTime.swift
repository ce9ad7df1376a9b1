import JSON

/// When a sample was taken, as its sender writes it: RFC 3339, with or without a zone (then it is UTC), or Unix seconds.
enum ReportedTime {
    /// 0001-01-01T00:00:00Z, before which there is no year to write.
    private static let earliest: Int64 = -62_135_596_800_000
    /// The end of the year 9999: what is later is ahead of any arrival, and it does not matter by how much.
    private static let latest: Int64 = 253_402_300_799_999

    static func milliseconds(of body: [UInt8], at place: JSONPlace) -> Int64? {
        place.hasEscapes ? nil : milliseconds(of: body[place.range])
    }

    static func milliseconds(of text: ArraySlice<UInt8>) -> Int64? {
        if let time = RFC3339Reader(text).time() { return time < earliest ? nil : time }
        return NumberText.number(text).flatMap(milliseconds(ofSeconds:))
    }

    static func milliseconds(ofSeconds seconds: Double) -> Int64? {
        guard !seconds.isNaN else { return nil }
        let milliseconds = (seconds * 1000).rounded()
        guard milliseconds < Double(latest) else { return latest }
        guard milliseconds >= Double(earliest) else { return nil }
        return Int64(milliseconds)
    }
}

/// Reads `2024-01-01T12:00:00.123456+02:00` (RFC 3339 section 5.6), strictly but for the zone, which may be missing.
private struct RFC3339Reader {
    private let text: ArraySlice<UInt8>
    private var index: Int

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        index = text.startIndex
    }

    consuming func time() -> Int64? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2), let days = Self.days(year, month, day),
            take("T") || take("t") || take(" "),
            let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60, take(":"),
            // A leap second is the first of the next minute.
            let second = number(digits: 2), second <= 60,
            let fraction = fraction(), let offset = offset(), index == text.endIndex
        else { return nil }
        let seconds = days * 86_400 + (hour * 60 + minute) * 60 + second - offset * 60
        return Int64(seconds * 1000 + fraction)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < text.endIndex, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func number(digits: Int) -> Int? {
        guard text.endIndex - index >= digits else { return nil }
        var value = 0
        for _ in 0..<digits {
            let digit = text[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            index += 1
        }
        return value
    }

    /// Milliseconds; more digits than three are cut.
    private mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var (value, unit, digits) = (0, 100, 0)
        while index < text.endIndex, case let digit = text[index] &- 0x30, digit < 10 {
            value += Int(digit) * unit
            unit /= 10
            digits += 1
            index += 1
        }
        return digits > 0 ? value : nil
    }

    /// Minutes east of Greenwich.
    private mutating func offset() -> Int? {
        if index == text.endIndex || take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    /// Since 1970. Counted in years that begin in March, so that the leap day is the last one of its year.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year > 0, (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        let yearFromMarch = month > 2 ? year : year - 1
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let leapDays = yearFromMarch / 4 - yearFromMarch / 100 + yearFromMarch / 400
        return yearFromMarch * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    }
}
