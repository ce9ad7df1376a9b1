import AsyncHTTP
import Postgres

/// Writes samples as rows of the table that there is. What is the same in all samples of a series is put together once.
struct MetricRows {
    /// One row to be: which sample of which report, and by what number it is known from all others.
    struct Place {
        let report: Int
        let sample: Int
        let identifier: Int64
    }

    private let table: MetricsTable
    private let hasTimestamp: Bool
    private let hasCreatedAt: Bool
    private let capacity: Int
    private let metric: @Sendable (Int64) throws(LogError) -> ReportedMetric?
    private var series: [Int64: [UInt8]] = [:]
    private var size = 0

    /// - Parameter metric: what the log's dictionary says of a series.
    init(
        _ limits: FollowerLimits,
        _ table: MetricsTable,
        metric: @escaping @Sendable (Int64) throws(LogError) -> ReportedMetric?
    ) {
        self.table = table
        (hasTimestamp, hasCreatedAt) = (table.timestamp != nil, table.createdAt != nil)
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
            if hasTimestamp { text.append(milliseconds: sample.time) }
            if hasCreatedAt {
                text.append(milliseconds: hasTimestamp ? reports[place.report].arrived : sample.time)
            }
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
        if let labels = table.labels { text.append(LabelText.written(metric.labels) ?? labels.empty) }
        if let help = table.help { text.append(metric.help ?? help.empty) }
        if let unit = table.unit { text.append(metric.unit ?? unit.empty) }
        // One that has no row gets another number when it has.
        guard directory.identifier(of: report.component) != nil else { return text.bytes }
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
