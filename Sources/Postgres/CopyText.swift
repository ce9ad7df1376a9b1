import AsyncHTTP

/// Rows in the text format of COPY (the manual's page on COPY, "Text Format"): columns in their order, then the end of the row.
package struct CopyText: Sendable {
    private static let tab = UInt8(ascii: "\t")
    private static let newline = UInt8(ascii: "\n")

    package private(set) var bytes: [UInt8] = []
    private var isFirst = true
    /// The moment that was written last: most samples of a report have the same.
    private var moment: (number: Int64, text: [UInt8]) = (.min, [])
    /// The day that was written last: most times are of one day.
    private var day: (number: Int64, text: [UInt8]) = (.min, [])

    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins anew. The memory is kept.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        isFirst = true
    }

    package mutating func endRow() {
        bytes.append(Self.newline)
        isFirst = true
    }

    /// Columns that another text has been given before: what is the same in many rows is written once.
    package mutating func append(columns: [UInt8]) {
        separate()
        bytes += columns
    }

    package mutating func appendNull() {
        separate()
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "N"))
    }

    package mutating func append(_ text: String?) {
        guard var text else { return appendNull() }
        separate()
        text.withUTF8 { utf8 in
            guard unsafe utf8.contains(where: Self.isSpecial) else { return unsafe bytes.append(contentsOf: utf8) }
            unsafe utf8.forEach { append(escaping: $0) }
        }
    }

    package mutating func append(_ value: Int64) {
        separate()
        bytes.append(digits: value)
    }

    package mutating func append(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus {
            return append(whole)
        }
        separate()
        if value.isFinite {
            bytes += value.description.utf8
        } else {
            bytes += (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8
        }
    }

    /// A moment in UTC: `2026-11-26 12:00:00.123+00`.
    package mutating func append(milliseconds: Int64) {
        separate()
        if milliseconds == moment.number, !moment.text.isEmpty {
            bytes += moment.text
            return
        }
        let start = bytes.count
        defer { moment = (milliseconds, Array(bytes[start...])) }
        let (number, rest) = milliseconds.dividedByDay
        if number != day.number { day = (number, Self.written(day: number)) }
        bytes += day.text
        let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1000)
        bytes.append(seconds / 3600, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(seconds / 60 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(seconds % 60, digits: 2)
        if fraction > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.append(fraction, digits: 3)
        }
        bytes += [UInt8(ascii: "+"), UInt8(ascii: "0"), UInt8(ascii: "0")]
    }

    private mutating func separate() {
        if isFirst { isFirst = false } else { bytes.append(Self.tab) }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == tab || byte == newline || byte == UInt8(ascii: "\r")
    }

    private mutating func append(escaping byte: UInt8) {
        guard Self.isSpecial(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case Self.tab: bytes.append(UInt8(ascii: "t"))
        case Self.newline: bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
        default: bytes.append(UInt8(ascii: "r"))
        }
    }

    private static func written(day number: Int64) -> [UInt8] {
        let date = CivilDate(daysSince1970: Int(number))
        var text: [UInt8] = []
        text.append(Int64(date.year), digits: 4)
        text.append(UInt8(ascii: "-"))
        text.append(Int64(date.month), digits: 2)
        text.append(UInt8(ascii: "-"))
        text.append(Int64(date.day), digits: 2)
        text.append(UInt8(ascii: " "))
        return text
    }
}

extension Int64 {
    private static let day: Int64 = 86_400_000

    /// Milliseconds since 1970 as a day and what is left of it, also before 1970.
    package var dividedByDay: (day: Int64, rest: Int64) {
        let (days, rest) = quotientAndRemainder(dividingBy: Self.day)
        return rest < 0 ? (days - 1, rest + Self.day) : (days, rest)
    }
}
