/// A day of the Gregorian calendar, which is reckoned back to before it was introduced.
package struct CivilDate: Sendable, Hashable {
    /// Four digits at most.
    package let year: Int
    /// 1 is January.
    package let month: Int
    /// From 1.
    package let day: Int

    /// 0000-03-01 and 9999-12-31.
    private static let days = -719_468...2_932_896

    /// A day before March of the year 0, or after the year 9999, is moved to the nearer end.
    ///
    /// Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last one of its year.
    package init(daysSince1970: Int) {
        let days = min(max(daysSince1970, Self.days.lowerBound), Self.days.upperBound) - Self.days.lowerBound
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }
}
