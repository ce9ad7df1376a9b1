/// One series with its newest sample. There may be a hundred thousand: every field counts.
struct HeldSeries: Sendable {
    /// The beginning of its line, up to its value.
    var line: [UInt8]
    var component: Int32
    var family: Int32
    var value = 0.0
    /// When the sample was taken; the earliest time there is before it has one.
    var time = Int64.min
    /// When it is no longer exported.
    var expiry: Int64
    /// Another one for whoever has this place next.
    var generation: UInt32
    /// Where it stands among the exported series of its family; -1 before it has a sample.
    var place: Int32 = -1
    /// Where it stands among the series of its component.
    var placeInComponent: Int32
    /// That of its family.
    let kind: ReportedKind
    var description: FamilyDescription?

    var isExported: Bool { place >= 0 }
}
