/// Reports that say how long they are exported, by about how long: in a class they expire about in the order in which they came.
///
/// An index of each table has them so, which is how what has not expired is found among millions that have.
enum LifetimeClass {
    /// Of each class but the last, in milliseconds, the bound included: each is four times the one before it.
    private static let bounds: [Int64] = [60_000, 240_000, 960_000, 3_840_000, 15_360_000, 61_440_000, 245_760_000]

    /// The longest lifetime of each class; nil where there is none.
    static let longest: [Int64?] = bounds + [nil]

    /// The class of a row, in SQL.
    static let expression =
        "CASE "
        + bounds.enumerated().map { "WHEN ttl <= \($0.element) THEN \($0.offset)" }.joined(separator: " ")
        + " ELSE \(bounds.count) END"
}
