/// What has become different since the last look, small enough to be made while reports wait, and rendered when they do not.
struct LatestChanges: Sendable {
    /// Families that are gone, by their numbers.
    var removed: [UInt64] = []
    var changed: [FamilyChange] = []
}

/// One family, as far as it has changed.
struct FamilyChange: Sendable {
    let identifier: UInt64
    let name: String
    let kind: ReportedKind
    let pageCount: Int
    let pages: [(number: Int, lines: [SeriesLine])]
    /// Nil where it is as before.
    let header: FamilyHeader?
}

/// What a family says of itself.
struct FamilyHeader: Sendable {
    let help: String?
    let unit: String?
}

/// One line, up to how the format writes its number.
struct SeriesLine: Sendable {
    let beginning: [UInt8]
    let value: Double
}
