import Postgres

/// Rows of one component after the other become reports.
struct SampleCollection {
    private var component: Component?
    private var ttl: Duration?
    private var metrics: [Int64: [ReportedMetric]] = [:]

    mutating func add(
        _ metric: ReportedMetric,
        of owner: Component,
        arrived: Int64,
        ttl milliseconds: Int64?,
        _ take: (Report) -> Void
    ) {
        if component != owner {
            end(take)
            component = owner
            ttl = milliseconds.map { .milliseconds($0) }
        }
        metrics[arrived, default: []].append(metric)
    }

    mutating func end(_ take: (Report) -> Void) {
        guard let component else { return }
        for (arrived, metrics) in metrics {
            take(Report(component: component, ttl: ttl, metrics: metrics, arrived: arrived))
        }
        metrics.removeAll()
    }
}

extension ReportedMetric {
    /// Nil for what this hub would not have taken: others may write into the table.
    init?(shared rows: PostgresRows, _ row: Int) {
        guard let name = rows.text(row, 2), ReportedName.isMetricName(name), !ReportedName.isReserved(name),
            let kind = rows.text(row, 3).flatMap({ ReportedKind(name: $0) }),
            let value = rows.text(row, 4).flatMap({ Double($0) }), let time = rows.integer(row, 5),
            let labels = LabelText.read(rows.text(row, 6)), labels.allSatisfy({ ReportedName.isLabelName($0.name) })
        else { return nil }
        self.init(
            name: name,
            kind: kind,
            value: value,
            time: time,
            labels: labels.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            help: rows.text(row, 7),
            unit: rows.text(row, 8)
        )
    }
}
