import SQLite

/// A series as the dictionary keeps it.
struct SeriesRow {
    static let columns = "id, component, name, kind, labels, help, unit"
    /// Of columns.
    static let count: Int32 = 7

    let id: Int64
    let component: Int64
    /// Everything of it but a value and a time.
    let metric: ReportedMetric

    /// - Returns: nil for a row that the log has not written so.
    init?(_ row: Statement) {
        guard let name = row.text(2), let kind = ReportedKind(name: row.text(3) ?? ""),
            let labels = LabelText.read(row.text(4))
        else { return nil }
        id = row.integer(0)
        component = row.integer(1)
        metric = ReportedMetric(
            name: name,
            kind: kind,
            value: .nan,
            time: 0,
            labels: labels,
            help: row.text(5),
            unit: row.text(6)
        )
    }
}

extension ReportedMetric {
    /// The same, at another time.
    func with(value: Double, time: Int64) -> ReportedMetric {
        ReportedMetric(name: name, kind: kind, value: value, time: time, labels: labels, help: help, unit: unit)
    }
}
