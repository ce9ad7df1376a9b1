/// Where an answer has ended whose next one is in the database, or will be. It says everything that is needed to go on, whatever has
/// been written meanwhile. Its text is safe in a URL.
package struct HistoryCursor: Sendable, Hashable {
    /// How far the database had a log when its first answer was given: the rows behind it come from the log, all others from the
    /// database, so none is missed and none comes twice.
    struct Boundary: Sendable, Hashable {
        /// The last report that was in the database.
        let sequence: Int64
        /// The last row of it.
        let ceiling: RowNumber
    }

    enum Place: Sendable, Hashable {
        /// Among the rows of the log that were not in the database.
        case unread(LogCursor)
        /// Behind a row of the database.
        case stored(HistoryKey)
    }

    let place: Place
    let boundary: Boundary

    init(_ place: Place, _ boundary: Boundary) {
        self.place = place
        self.boundary = boundary
    }

    private static let unread = "u"
    private static let stored = "s"
    private static let radix = 36
    /// Of a number's text: 36^12 is less than 2^63.
    private static let longest = 12

    /// - Returns: nil for what no answer has said.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let kind = parts.first, parts.count > 3, let boundary = Boundary(parts.suffix(3)) else { return nil }
        self.boundary = boundary
        switch (String(kind), parts.count) {
        case (Self.unread, 5):
            guard let cursor = LogCursor(text: String(parts[1])), parts[1].utf8.count <= Self.longest else {
                return nil
            }
            place = .unread(cursor)
        case (Self.stored, 6):
            guard let moment = Self.number(parts[1]), let identifier = Self.identifier(parts[2]) else { return nil }
            // Moments are counted from the year 1, so that none is negative.
            let microseconds = moment &+ HistoryMoment.earliest.microseconds
            place = .stored(
                HistoryKey(
                    moment: HistoryMoment(microseconds: microseconds),
                    identifier: identifier
                )
            )
        default: return nil
        }
    }

    package var text: String {
        let end = [boundary.sequence, boundary.ceiling.log, boundary.ceiling.row].map(Self.text)
        let parts =
            switch place {
            case .unread(let cursor): [Self.unread, cursor.text]
            case .stored(let key):
                [
                    Self.stored, Self.text(key.moment.microseconds &- HistoryMoment.earliest.microseconds),
                    String(UInt64(bitPattern: key.identifier), radix: Self.radix),
                ]
            }
        return (parts + end).joined(separator: ".")
    }

    fileprivate static func number(_ text: Substring) -> Int64? {
        guard text.utf8.count <= longest, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
        else { return nil }
        return Int64(text, radix: radix)
    }

    /// Other programs' rows may have any, and ours in their tables are below zero. What is more than there can be is the last.
    private static func identifier(_ text: Substring) -> Int64? {
        guard (1...longest + 1).contains(text.utf8.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return Int64(bitPattern: UInt64(text, radix: radix) ?? .max)
    }

    private static func text(_ number: Int64) -> String { String(max(0, number), radix: radix) }
}

extension HistoryCursor.Boundary {
    fileprivate init?(_ parts: ArraySlice<Substring>) {
        let numbers = parts.compactMap(HistoryCursor.number)
        guard numbers.count == 3 else { return nil }
        self.init(sequence: numbers[0], ceiling: RowNumber(log: numbers[1], row: numbers[2]))
    }
}

/// A row's place in the order of answers from the database: by its time, and by its number where that is the same.
struct HistoryKey: Sendable, Hashable {
    let moment: HistoryMoment
    let identifier: Int64
}

/// A row of the database by its log's number there, and its own in that log.
struct RowNumber: Sendable, Hashable {
    private static let rowBits: Int64 = 48

    /// 15 bits.
    let log: Int64
    /// 48 bits.
    let row: Int64

    /// What does not fit is moved to what does.
    init(log: Int64, row: Int64) {
        self.log = min(max(log, 0), 1 << 15 - 1)
        self.row = min(max(row, 0), 1 << Self.rowBits - 1)
    }

    /// What it is called in a table.
    func identifier(in table: MetricsTable) -> Int64 { table.origin(ofLog: log) &+ row }

    /// The last that the same log can have there.
    func last(in table: MetricsTable) -> Int64 { table.origin(ofLog: log) &+ (1 << Self.rowBits - 1) }
}
