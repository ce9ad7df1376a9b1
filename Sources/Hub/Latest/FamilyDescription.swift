/// What a sample says of its family. Series that say the same share it.
final class FamilyDescription: Sendable {
    let help: String?
    let unit: String?

    private init(help: String?, unit: String?) {
        self.help = help
        self.unit = unit
    }

    /// - Parameters:
    ///   - held: what the series has said before.
    ///   - usual: what others of its family say.
    static func of(_ metric: ReportedMetric, held: FamilyDescription?, usual: FamilyDescription?) -> FamilyDescription?
    {
        guard metric.help != nil || metric.unit != nil else { return nil }
        if let held, held.says(metric) { return held }
        if let usual, usual.says(metric) { return usual }
        return FamilyDescription(help: metric.help, unit: metric.unit)
    }

    private func says(_ metric: ReportedMetric) -> Bool { help == metric.help && unit == metric.unit }
}
