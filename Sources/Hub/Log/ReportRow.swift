import SQLite

/// A row of a table of reports, before its samples are read.
struct ReportRow {
    static let columns = "sequence, component, arrived, time, ttl, samples, report_id"

    let sequence: Int64
    let component: Int64
    let arrived: Int64
    let ttl: Duration?
    let reportID: String?
    private let time: Int64
    private let payload: [UInt8]

    init(_ row: Statement) {
        sequence = row.integer(0)
        component = row.integer(1)
        arrived = row.integer(2)
        time = row.integer(3)
        ttl = row.isNull(4) ? nil : .milliseconds(row.integer(4))
        payload = row.bytes(5)
        reportID = row.text(6)
    }

    /// Nil when they are not what was written.
    var samples: [SamplePayload.Sample]? { SamplePayload.decode(payload, time: time) }

    /// As it is.
    /// - Returns: nil when its samples are not what was written.
    func unnamed(_ known: KnownSeries) throws(SQLiteError) -> LoggedSamples? {
        guard let samples, let component = try known.component(component) else { return nil }
        return LoggedSamples(
            sequence: sequence,
            component: component,
            reportID: reportID,
            arrived: arrived,
            ttl: ttl,
            samples: samples
        )
    }

    /// With its names.
    /// - Returns: nil when its samples are not what was written, or are not in the dictionary.
    func report(_ known: KnownSeries) throws(SQLiteError) -> LoggedReport? {
        guard let samples, let component = try known.component(component) else { return nil }
        var metrics: [ReportedMetric] = []
        metrics.reserveCapacity(samples.count)
        for sample in samples {
            guard let series = try known.series(sample.series), series.component == self.component else { return nil }
            metrics.append(series.metric.with(value: sample.value, time: sample.time))
        }
        return LoggedReport(
            sequence: sequence,
            component: component,
            reportID: reportID,
            arrived: arrived,
            ttl: ttl,
            metrics: metrics
        )
    }
}
