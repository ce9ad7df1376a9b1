/// A table of reports: those of one day, or of a part of it where a day is too large to be dropped at once.
///
/// Sequences grow from one table to the next, and arrivals never go back inside one.
struct Segment: Sendable, Hashable {
    private static let day: Int64 = 86_400_000

    /// The sequence of its first report, which names it.
    let first: Int64
    /// When its first report arrived, milliseconds since 1970; nil while it is empty.
    var since: Int64?
    /// How many pages the file had in use without it.
    var base: Int64

    var table: String { "report_\(first)" }
    /// The index of the identities of its reports.
    var identities: String { "identity_\(first)" }

    /// The index by component has its reports by stretches of 1024: a commit then changes the last pages of it, however many
    /// components report, and a search takes a step for each stretch.
    static let stretchBits: Int64 = 10

    /// Whether a report of that moment belongs to another day. A clock that is set back by a little stays in the day.
    func isOver(at moment: Int64, last: Int64, tolerance: Int64) -> Bool {
        guard let since else { return false }
        if moment < last { return last &- moment > tolerance }
        return Self.dayNumber(of: moment) != Self.dayNumber(of: since)
    }

    /// What people call the day of the first report: `2026-11-26`.
    private static func dayNumber(of moment: Int64) -> Int64 {
        let (days, rest) = moment.quotientAndRemainder(dividingBy: day)
        return rest < 0 ? days - 1 : days
    }
}
