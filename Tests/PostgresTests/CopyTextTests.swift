import Postgres
import TestPostgres
import Testing

@Suite("Rows in the text of COPY")
struct CopyTextTests {
    private static func text(_ write: (inout CopyText) -> Void) -> String {
        var text = CopyText()
        write(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test("have a tab between columns, and an end")
    func rows() {
        let text = Self.text {
            $0.append(Int64(1))
            $0.append("a")
            $0.appendNull()
            $0.append(columns: Array("x\ty".utf8))
            $0.endRow()
            $0.append(nil)
            $0.endRow()
        }
        #expect(text == "1\ta\t\\N\tx\ty\n\\N\n")
    }

    @Test(
        "have moments that the server reads, as they were",
        arguments: [
            (0, "1970-01-01 00:00:00+00"), (1, "1970-01-01 00:00:00.001+00"), (-1, "1969-12-31 23:59:59.999+00"),
            (1_704_110_400_000, "2024-01-01 12:00:00+00"), (951_782_400_120, "2000-02-29 00:00:00.120+00"),
            (-62_135_596_800_000, "0001-01-01 00:00:00+00"), (253_402_300_799_999, "9999-12-31 23:59:59.999+00"),
        ] as [(Int64, String)]
    )
    func moments(milliseconds: Int64, expected: String) throws {
        #expect(Self.text { $0.append(milliseconds: milliseconds) } == expected)
        let read = try TestDatabase().number("SELECT (extract(epoch FROM '\(expected)'::timestamptz) * 1000)::bigint")
        #expect(read == Int(milliseconds))
    }

    @Test("come back from the server byte by byte")
    func roundTrip() throws {
        let texts = ["", "\\N", "\\.", "a\tb", "a\nb\r\\", "'\"{}", "é\u{301} \u{1F600}", "\u{1}\u{7F}", "N", " "]
        let numbers: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 9_007_199_254_740_992, 1e15,
            45.2,
        ]
        let integers: [Int64] = [0, .min, .max, -1, 10, 99]
        let connection = try TestDatabase().connect()
        try connection.execute("CREATE TABLE t (i int, text text, number double precision, whole bigint)")
        var rows = CopyText()
        for index in 0..<12 {
            rows.append(Int64(index))
            rows.append(index < texts.count ? texts[index] : nil)
            rows.append(numbers[index % numbers.count])
            rows.append(integers[index % integers.count])
            rows.endRow()
        }
        #expect(try connection.copy(into: "t (i, text, number, whole)", rows) == 12)
        let found = try connection.query("SELECT text, number, whole FROM t ORDER BY i")
        for index in 0..<12 {
            #expect(found.text(index, 0) == (index < texts.count ? texts[index] : nil))
            let number = try #require(found.text(index, 1).flatMap { Double($0) })
            #expect(number.bitPattern == numbers[index % numbers.count].bitPattern)
            #expect(found.integer(index, 2) == integers[index % integers.count])
        }
    }

    @Test("have what is no number as the server writes it", arguments: [Double.nan, .infinity, -.infinity])
    func notNumbers(value: Double) throws {
        let connection = try TestDatabase().connect()
        try connection.execute("CREATE TABLE t (number double precision)")
        var rows = CopyText()
        rows.append(value)
        rows.endRow()
        _ = try connection.copy(into: "t", rows)
        let text = try #require(try connection.query("SELECT number FROM t").text(0, 0))
        #expect(text == String(decoding: rows.bytes.dropLast(), as: UTF8.self))
    }

    @Test("go with arrays that hold anything")
    func arrays() throws {
        let texts = ["a", "", "\"", "\\", "{,}", "NULL", nil, "é\n"]
        let rows = try TestDatabase().connect().query("SELECT unnest($1::text[])", [ArrayText.of(texts)])
        #expect((0..<rows.count).map { rows.text($0, 0) } == texts)
        #expect(ArrayText.of([1, -2] as [Int64]) == "{1,-2}")
    }
}
