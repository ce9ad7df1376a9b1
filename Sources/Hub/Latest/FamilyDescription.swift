/// What a sample says of its family. Series that say the same share it.
final class FamilyDescription: Sendable {
    let help: String?
    let unit: String?

    private init(help: String?, unit: String?) {
        self.help = help
        self.unit = unit
    }

    /// - Parameter usual: what others of its family say.
    static func of(_ metric: ReportedMetric, usual: FamilyDescription?) -> FamilyDescription? {
        if isSame(usual, as: metric) { return usual }
        guard metric.help != nil || metric.unit != nil else { return nil }
        return FamilyDescription(help: metric.help, unit: metric.unit)
    }

    /// Whether the sample says nothing else.
    static func isSame(_ held: FamilyDescription?, as metric: ReportedMetric) -> Bool {
        held?.help == metric.help && held?.unit == metric.unit
    }
}
