import Postgres

/// Reads rows of `noetl.metrics`. Texts that many of them have are made once.
struct HistoryRows {
    static let columns = """
        metric_id, runtime_id, metric_name, metric_type, metric_value, labels, help_text, unit, timestamp, created_at
        """
    /// Of others before them.
    private static let first: Int = 2

    private var moments = HistoryMomentReader()
    private var labels: [String: [ReportedLabel]] = [:]

    /// Where to go on when a statement has not looked at everything.
    static func end(_ rows: PostgresRows) -> HistoryKey? {
        guard let moment = rows.text(0, 0).flatMap(HistoryMoment.init(text:)), let identifier = rows.integer(0, 1)
        else { return nil }
        return HistoryKey(moment: moment, identifier: identifier)
    }

    /// - Returns: nil for what is no row.
    mutating func read(
        _ row: Int,
        of rows: PostgresRows,
        _ catalogue: HistoryCatalogue
    ) -> (key: HistoryKey, row: LogPage.Row?)? {
        let first = Self.first
        guard let identifier = rows.integer(row, first),
            let moment = rows.text(row, first + 8).flatMap({ moments.read($0) })
        else { return nil }
        let key = HistoryKey(moment: moment, identifier: identifier)
        guard let component = rows.integer(row, first + 1).flatMap(catalogue.component),
            let name = rows.text(row, first + 2),
            let value = rows.text(row, first + 4).flatMap(Double.init),
            let arrived = rows.text(row, first + 9).flatMap({ moments.read($0) })
        else { return (key, nil) }
        let metric = ReportedMetric(
            name: name,
            // Other programs have words of their own for what has no kind.
            kind: ReportedKind(name: rows.text(row, first + 3) ?? "") ?? .gauge,
            value: value,
            time: moment.milliseconds,
            labels: labels(rows.text(row, first + 5)),
            help: rows.text(row, first + 6),
            unit: rows.text(row, first + 7)
        )
        return (key, LogPage.Row(id: identifier, component: component, metric: metric, arrived: arrived.milliseconds))
    }

    /// In the order of their names, as reports have them.
    private mutating func labels(_ text: String?) -> [ReportedLabel] {
        guard let text else { return [] }
        if let known = labels[text] { return known }
        let read = (LabelText.read(text) ?? []).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        labels[text] = read
        return read
    }
}
