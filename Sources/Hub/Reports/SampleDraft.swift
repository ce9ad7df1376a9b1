/// One sample while it is read: its fields come in any order, and it is whole only at its end.
struct SampleDraft {
    var name: String?
    var kind: ReportedKind?
    var value: Double?
    var time: Int64?
    var labels: [ReportedLabel] = []
    var help: String?
    var unit: String?
    /// The first thing that was wrong.
    private(set) var problem: RejectionReason?

    mutating func note(_ reason: RejectionReason) {
        if problem == nil { problem = reason }
    }

    /// - Parameter arrived: when it was, if it does not say.
    func metric(arrived: Int64) throws(RejectionReason) -> ReportedMetric {
        if let problem { throw problem }
        guard let name else { throw .missing(SampleKey.name.rawValue) }
        guard let kind else { throw .missing(SampleKey.kind.rawValue) }
        guard let value else { throw .missing(SampleKey.value.rawValue) }
        return ReportedMetric(
            name: name,
            kind: kind,
            value: value,
            time: time ?? arrived,
            labels: labels,
            help: help,
            unit: unit
        )
    }
}
