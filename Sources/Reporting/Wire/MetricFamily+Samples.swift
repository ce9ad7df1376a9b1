import JSON
import Telemetry

extension MetricFamily {
    /// What a hub takes of a help text.
    private static let longestHelp = 1024
    /// What it takes of a unit.
    private static let longestUnit = 50

    /// The family as a hub takes it, one number per sample: the lines of the text format, each of which is a gauge or a counter.
    func forEachReportedSample(at time: Duration, _ body: (ReportedSample) -> Void) {
        let help = descriptor.help.isEmpty ? nil : descriptor.help.cut(toBytes: Self.longestHelp)
        let unit = descriptor.unit.flatMap { $0.utf8.count <= Self.longestUnit ? $0 : nil }
        for line in series {
            var sample = ReportedSample(
                line.name,
                kind(of: line),
                line.number,
                labels: line.labels,
                time: line.time ?? time,
                help: help,
                unit: unit
            )
            sample.extra = line.extraLabel
            body(sample)
        }
    }

    private func kind(of line: Series) -> ReportedSample.Kind {
        switch descriptor.kind {
        // Buckets, sums and counts are what `histogram_quantile` and `rate` are asked of.
        case .counter, .histogram: .counter
        // What has the label is a quantile.
        case .summary: line.extraLabel == nil ? .counter : .gauge
        case .gauge, .info, .stateset, .unknown, .gaugehistogram: .gauge
        }
    }
}
