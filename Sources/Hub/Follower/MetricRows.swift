import AsyncHTTP
import Postgres

/// Writes samples as rows of `noetl.metrics`. What is the same in all samples of a series is put together once.
struct MetricRows {
    static let target = """
        noetl.metrics
        (metric_id, runtime_id, metric_name, metric_type, labels, help_text, unit, metric_value, timestamp, created_at)
        """

    /// One row to be: which sample of which report, and by what number it is known from all others.
    struct Place {
        let report: Int
        let sample: Int
        let identifier: Int64
    }

    private let capacity: Int
    private let metric: @Sendable (Int64) throws(LogError) -> ReportedMetric?
    private var series: [Int64: [UInt8]] = [:]
    private var size = 0

    /// - Parameter metric: what the log's dictionary says of a series.
    init(_ limits: FollowerLimits, metric: @escaping @Sendable (Int64) throws(LogError) -> ReportedMetric?) {
        capacity = limits.seriesMemory.bytes
        self.metric = metric
    }

    mutating func append(
        _ places: ArraySlice<Place>,
        of reports: [LoggedSamples],
        to text: inout CopyText,
        _ directory: RuntimeDirectory,
        _ met: inout SeriesDirectory
    ) throws(PostgresError) {
        for place in places {
            let sample = reports[place.report].samples[place.sample]
            text.append(place.identifier)
            if let known = series[sample.series] {
                text.append(columns: known)
            } else {
                text.append(columns: try columns(of: sample.series, reports[place.report], directory, &met))
            }
            text.append(sample.value)
            text.append(milliseconds: sample.time)
            text.append(milliseconds: reports[place.report].arrived)
            text.endRow()
        }
    }

    mutating func forget() {
        series.removeAll()
        size = 0
    }

    private mutating func columns(
        of number: Int64,
        _ report: LoggedSamples,
        _ directory: RuntimeDirectory,
        _ met: inout SeriesDirectory
    ) throws(PostgresError) -> [UInt8] {
        let metric = try found(number)
        let runtime = directory.identifier(of: report.component) ?? report.component.runtimeID
        met.meet(metric.name, of: runtime, at: report.arrived)
        var text = CopyText()
        text.append(runtime)
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

    private func found(_ number: Int64) throws(PostgresError) -> ReportedMetric {
        do throws(LogError) {
            if let metric = try metric(number) { return metric }
        } catch {
            throw PostgresError(.other, error.description)
        }
        throw PostgresError(
            .other,
            "series \(number) is not in the log's dictionary: look at the log with `store verify`"
        )
    }
}
