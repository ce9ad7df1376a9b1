/// One sample while it is read: its fields come in any order, and it is whole only at its end.
struct SampleDraft {
    /// What it says so far.
    private(set) var metric = ReportedMetric(name: "", kind: .gauge, value: 0, time: 0)
    private var isNamed = false
    private var hasKind = false
    private var hasValue = false
    /// The first thing that was wrong.
    private(set) var problem: RejectionReason?

    /// Becomes another sample, which is cheaper than another draft.
    ///
    /// - Parameter arrived: when it was, if it does not say.
    mutating func begin(arrived: Int64) {
        (isNamed, hasKind, hasValue, problem) = (false, false, false, nil)
        metric.name = ""
        metric.time = arrived
        metric.labels = []
        metric.help = nil
        metric.unit = nil
    }

    /// Nil as long as there is none.
    var name: String? { isNamed ? metric.name : nil }

    mutating func set(name: String?) {
        isNamed = name != nil
        metric.name = name ?? ""
    }

    mutating func set(_ kind: ReportedKind) {
        hasKind = true
        metric.kind = kind
    }

    mutating func set(_ value: Double) {
        hasValue = true
        metric.value = value
    }

    mutating func set(time: Int64) { metric.time = time }
    mutating func set(_ labels: [ReportedLabel]) { metric.labels = labels }
    mutating func set(help: String?) { metric.help = help }
    mutating func set(unit: String?) { metric.unit = unit }

    mutating func note(_ reason: RejectionReason) {
        if problem == nil { problem = reason }
    }

    /// Why it cannot be taken; nil if it can.
    var reason: RejectionReason? {
        if let problem { return problem }
        if !isNamed { return .missing(SampleKey.name.rawValue) }
        if !hasKind { return .missing(SampleKey.kind.rawValue) }
        return hasValue ? nil : .missing(SampleKey.value.rawValue)
    }
}
