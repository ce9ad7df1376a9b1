import Testing

@testable import AsyncHTTP

@Suite("Dates")
struct HTTPDateTests {
    private func text(_ seconds: Int64) -> String {
        var bytes = [UInt8](repeating: 0x78, count: 31)
        var span = bytes.mutableSpan
        HTTPDate.write(unixSeconds: seconds, into: &span, at: 1)
        #expect(bytes.first == 0x78 && bytes.last == 0x78)
        return String(decoding: bytes[1..<30], as: UTF8.self)
    }

    @Test(
        "known moments are written as IMF-fixdate",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1, "Thu, 01 Jan 1970 00:00:01 GMT"),
            (86_399, "Thu, 01 Jan 1970 23:59:59 GMT"),
            (86_400, "Fri, 02 Jan 1970 00:00:00 GMT"),
            (68_169_599, "Mon, 28 Feb 1972 23:59:59 GMT"),
            (68_169_600, "Tue, 29 Feb 1972 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (978_307_199, "Sun, 31 Dec 2000 23:59:59 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_740_787_200, "Sat, 01 Mar 2025 00:00:00 GMT"),
            (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ]
    )
    func known(_ seconds: Int64, _ expected: String) {
        #expect(text(seconds) == expected)
    }

    @Test("moments outside of 1970...9999 are moved to the nearer end")
    func clamped() {
        #expect(text(-1) == text(0) && text(.min) == text(0))
        #expect(text(253_402_300_800) == text(253_402_300_799) && text(.max) == text(253_402_300_799))
    }

    @Test("four hundred years of days follow one another")
    func everyDay() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var day: Int64 = 0
        for year in 1970..<2370 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in zip(months, [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                for number in 1...length {
                    let expected = "\(weekdays[Int(day % 7)]), \(number < 10 ? "0" : "")\(number) \(month) \(year)"
                    guard text(day * 86_400).hasPrefix(expected) else {
                        Issue.record("\(expected): \(text(day * 86_400))")
                        return
                    }
                    day += 1
                }
            }
        }
    }
}
