import Testing

@testable import AsyncHTTP

@Suite("Civil dates")
struct CivilDateTests {
    @Test(
        "known days",
        arguments: [
            (0, 1970, 1, 1), (-1, 1969, 12, 31), (58, 1970, 2, 28), (59, 1970, 3, 1), (364, 1970, 12, 31),
            (789, 1972, 2, 29), (790, 1972, 3, 1), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1),
            (11_322, 2000, 12, 31), (19_782, 2024, 2, 29), (47_540, 2100, 2, 28), (47_541, 2100, 3, 1),
            (-25_509, 1900, 2, 28), (-25_508, 1900, 3, 1), (2_932_896, 9999, 12, 31), (-719_468, 0, 3, 1),
        ]
    )
    func known(days: Int, year: Int, month: Int, day: Int) {
        let date = CivilDate(daysSince1970: days)
        #expect((date.year, date.month, date.day) == (year, month, day))
    }

    @Test("days outside of the years 0...9999 are moved to the nearer end")
    func clamped() {
        #expect(CivilDate(daysSince1970: 2_932_897) == CivilDate(daysSince1970: 2_932_896))
        #expect(CivilDate(daysSince1970: .max) == CivilDate(daysSince1970: 2_932_896))
        #expect(CivilDate(daysSince1970: .min) == CivilDate(daysSince1970: -719_468))
    }
}
