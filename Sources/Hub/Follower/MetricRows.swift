import AsyncHTTP
import Postgres

/// Writes samples as rows of `noetl.metrics`. What is the same in all samples of a series is put together once.
struct MetricRows {
    static let target = """
        noetl.metrics
        (metric_id, runtime_id, metric_name, metric_type, labels, help_text, unit, metric_value, timestamp, created_at)
        """

    /// One sample: a report's, and which of its samples.
    struct Place {
        let report: LoggedReport
        let index: Int
    }

    private let capacity: Int
    private var series: [Int64: [UInt8]] = [:]
    private var size = 0

    init(_ limits: FollowerLimits) {
        capacity = limits.seriesMemory.bytes
    }

    /// - Parameters:
    ///   - identifier: by which the row is known from all others.
    ///   - runtime: asked for when the series is new here.
    mutating func append(
        _ place: Place,
        _ identifier: Int64,
        to text: inout CopyText,
        runtime: (Component) -> Int64
    ) {
        let metric = place.report.metrics[place.index]
        text.append(identifier)
        text.append(columns: columns(of: place, metric, runtime))
        text.append(metric.value)
        text.append(milliseconds: metric.time)
        text.append(milliseconds: place.report.arrived)
        text.endRow()
    }

    mutating func forget() {
        series.removeAll()
        size = 0
    }

    private mutating func columns(
        of place: Place,
        _ metric: ReportedMetric,
        _ runtime: (Component) -> Int64
    ) -> [UInt8] {
        let number = place.report.series[place.index]
        if let known = series[number] { return known }
        var text = CopyText()
        text.append(runtime(place.report.component))
        text.append(metric.name)
        text.append(metric.kind.name)
        text.append(LabelText.written(metric.labels))
        text.append(metric.help)
        text.append(metric.unit)
        if size + text.bytes.count > capacity { forget() }
        series[number] = text.bytes
        size += text.bytes.count
        return text.bytes
    }
}
