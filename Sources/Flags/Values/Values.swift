/// How the kinds of values are read from text. Each says in its error what it takes.
package enum Values {
    /// `250ms`, `5s`, `1m30s`, `1h`; a bare number is seconds.
    package static func duration(
        _ text: String,
        atLeast least: Duration = .zero,
        atMostDays days: Int = 100
    ) throws(ValueProblem) -> Duration {
        guard let duration = duration(text), duration >= least, duration <= .seconds(days * 86_400) else {
            let bound = least > .zero ? "at least \(DurationText.write(least)) and " : ""
            throw ValueProblem(
                "not a duration such as 250ms, 5s, 1m30s, 1h or seconds as a bare number, \(bound)at most \(days)d"
            )
        }
        return duration
    }

    private static func duration(_ text: String) -> Duration? {
        var reader = DigitReader(text)
        var (total, parts) = (Int64(0), 0)
        repeat {
            guard let count = reader.decimal(scale: 1_000_000) else { return nil }
            let unit = reader.letters()
            let isBare = unit.isEmpty && parts == 0 && reader.isAtEnd
            guard let nanoseconds = isBare ? 1_000_000_000 : DurationText.units[unit] else { return nil }
            // Of millionths of the unit, which may be more than 64 bits hold on the way.
            let part = Int128(count) * Int128(nanoseconds) / 1_000_000
            guard let sum = Int64(exactly: Int128(total) + part) else { return nil }
            total = sum
            parts += 1
        } while !reader.isAtEnd && parts < 8
        return reader.isAtEnd ? .nanoseconds(total) : nil
    }

    /// `64KiB`, `1MiB`; a bare number is bytes.
    ///
    /// - Parameter most: a number of GiB.
    package static func bytes(_ text: String, atMostGibibytes most: Int64 = 1) throws(ValueProblem) -> Int {
        var reader = DigitReader(text)
        let units: [String: Int64] = [
            "": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "kB": 1000, "MB": 1_000_000,
            "GB": 1_000_000_000,
        ]
        guard let count = reader.whole(), let unit = units[reader.letters()], reader.isAtEnd, count > 0,
            case (let bytes, let overflow) = count.multipliedReportingOverflow(by: unit), !overflow, bytes <= most << 30
        else { throw ValueProblem("not a size such as 65536, 64KiB or 1MiB, from 1 byte to \(most)GiB") }
        return Int(bytes)
    }

    package static func number(_ text: String, in range: ClosedRange<Int>) throws(ValueProblem) -> Int {
        var reader = DigitReader(text)
        guard let number = reader.whole(), reader.isAtEnd, let number = Int(exactly: number), range.contains(number)
        else { throw ValueProblem("not a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// Who may do what with a file, as `chmod` takes it: `0660`, `666`.
    package static func fileMode(_ text: String) throws(ValueProblem) -> UInt32 {
        let digits = text.utf8
        guard (1...4).contains(digits.count), digits.allSatisfy({ (0x30...0x37).contains($0) }),
            let mode = UInt32(text, radix: 8), mode <= 0o777
        else { throw ValueProblem("not an octal mode from 0000 to 0777, such as 0660") }
        return mode
    }

    /// The path of a file, which need not be there yet.
    package static func filePath(_ text: String) throws(ValueProblem) -> String {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ValueProblem("not the path of a file")
        }
        return text
    }

    package static func toggle(_ text: String) throws(ValueProblem) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ValueProblem("neither true nor false")
        }
    }

    /// One of a closed set, in any case.
    package static func choice<Choice>(
        _ text: String,
        of type: Choice.Type = Choice.self
    ) throws(ValueProblem) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let choice = Choice(rawValue: text.lowercased()) else {
            throw ValueProblem("not one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }
}
