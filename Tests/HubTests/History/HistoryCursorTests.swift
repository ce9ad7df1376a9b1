import Testing

@testable import Hub

@Suite("The cursor of an answer from the database")
struct HistoryCursorTests {
    private static let boundary = HistoryCursor.Boundary(sequence: 77, ceiling: RowNumber(log: 3, row: 1 << 40))

    @Test(
        "says everything in a text that is safe in a URL",
        arguments: [
            .unread(LogCursor(before: SampleID(sequence: 1 << 40, place: 3))), .stored(.newest),
            .stored(HistoryKey(moment: .earliest, identifier: 0)),
            .stored(HistoryKey(moment: HistoryMoment(microseconds: -1), identifier: .max)),
            .stored(HistoryKey(moment: HistoryMoment(microseconds: -1), identifier: .min)),
            .stored(HistoryKey(moment: HistoryMoment(microseconds: 1), identifier: -5)),
            .stored(HistoryKey(moment: HistoryMoment(microseconds: 1_795_651_200_123_456), identifier: 5 << 48 | 9)),
        ] as [HistoryCursor.Place]
    )
    func texts(place: HistoryCursor.Place) throws {
        let cursor = HistoryCursor(place, Self.boundary)
        #expect(HistoryCursor(text: cursor.text) == cursor)
        #expect(cursor.text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E })
        #expect(LogCursor(text: cursor.text) == nil)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "u", "zz", "u.1.2.3", "u.1.2.3.4.5", "s.1.2.3.4", "s.1.2.3.4.5.-6", "x.1.2.3.4", "u..1.2.3", "u.1.2.3.",
            "s.1.+2.3.4.5", "s.1.12345678901234.3.4.5", "s.zzzzzzzzzzzzz.1.1.1.1.1", "u.1.2.3.\u{e4}",
            "s.1.2.3.4.5.6.7",
        ]
    )
    func others(text: String) {
        #expect(HistoryCursor(text: text) == nil)
    }

    @Test(
        "has moments as the server writes and reads them",
        arguments: [
            ("2026-11-26 00:00:00+00", 1_795_651_200_000_000, "2026-11-26T00:00:00.000000Z"),
            ("2026-11-26 00:00:00.1+00", 1_795_651_200_100_000, "2026-11-26T00:00:00.100000Z"),
            ("2026-11-26 00:00:00.123456+00", 1_795_651_200_123_456, "2026-11-26T00:00:00.123456Z"),
            ("1969-12-31 23:59:59.999999+00", -1, "1969-12-31T23:59:59.999999Z"),
            ("0001-01-01 00:00:00+00", -62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
            ("9999-12-31 23:59:59.999999+00", 253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(String, Int64, String)]
    )
    func moments(text: String, microseconds: Int64, written: String) {
        let moment = HistoryMoment(text: text)
        #expect(moment?.microseconds == microseconds)
        #expect(moment?.text == written)
    }

    @Test("moves moments that nobody can have meant to the nearer end")
    func clamped() {
        #expect(HistoryMoment(milliseconds: .min).text == HistoryMoment.earliest.text)
        #expect(HistoryMoment(milliseconds: .max).text == HistoryMoment.latest.text)
        #expect(HistoryMoment(milliseconds: .max).earlier(by: .seconds(1)).text == "9999-12-31T23:59:58.999999Z")
        #expect(HistoryMoment.earliest.earlier(by: .seconds(1)) == .earliest)
        #expect(HistoryMoment(text: "infinity") == nil)
    }
}
