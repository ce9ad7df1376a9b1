import Postgres

/// A look at a stretch of the rows: statements and what they are given. All are answered with an index, whatever there is.
///
/// Each has two parts. The first finds rows in their order, without a look at what is in them; the second leaves out what is not
/// wanted. So a statement's work has a limit, also where hardly a row is wanted.
struct HistoryStatement {
    /// The index over all times is of this, so that the server does not take it for the rows of one series: it would read all others.
    static let universal = "(timestamp AT TIME ZONE 'UTC')"

    private let table: MetricsTable
    private(set) var sql: String
    private(set) var parameters: [String?] = []

    /// - Parameters:
    ///   - rows: how many are looked at: of each series, or of all.
    ///   - limit: how many are returned.
    init(
        _ table: MetricsTable,
        _ choice: HistoryChoice,
        _ stretch: HistoryStretch,
        _ filter: LogQuery,
        behind boundary: HistoryCursor.Boundary,
        rows: Int,
        limit: Int
    ) {
        self.table = table
        sql = ""
        let found =
            switch choice {
            case .pairs(let pairs): found(pairs, stretch, boundary, rows: rows)
            case .all, .nothing: foundAmongAll(stretch, boundary, rows: rows)
            }
        var conditions = [
            "labels @> ALL (\(bind(ArrayText.of(filter.labels.map { LabelText.written([$0]) }), "jsonb[]")))",
            "coalesce((timestamp, metric_id) >= (SELECT timestamp, metric_id FROM ends), true)",
        ]
        if let kind = filter.kind { conditions.append("metric_type = \(bind(kind.name, "text"))") }
        if case .all(let names, let components) = choice {
            if let names { conditions.append("metric_name = ANY (\(bind(ArrayText.of(names), "text[]")))") }
            if let components {
                conditions.append("runtime_id = ANY (\(bind(ArrayText.of(components), "bigint[]")))")
            }
        }
        sql = """
            WITH \(found), kept AS (
                SELECT * FROM found WHERE \(conditions.joined(separator: " AND "))
                ORDER BY timestamp DESC, metric_id DESC LIMIT \(limit)
            )
            SELECT (SELECT timestamp FROM ends), (SELECT metric_id FROM ends), \(HistoryRows.columns)
            FROM (VALUES (1)) AS one LEFT JOIN kept ON true ORDER BY kept.timestamp DESC, kept.metric_id DESC
            """
    }

    /// The newest of each series, with the newest moment before which some series may have more.
    private mutating func found(
        _ pairs: [HistoryPair],
        _ stretch: HistoryStretch,
        _ boundary: HistoryCursor.Boundary,
        rows: Int
    ) -> String {
        let components = bind(ArrayText.of(pairs.map(\.component)), "bigint[]")
        let names = bind(ArrayText.of(pairs.map(\.name)), "text[]")
        return """
            found AS MATERIALIZED (
                SELECT pair.place, row.* FROM unnest(\(components), \(names)) WITH ORDINALITY
                    AS pair (component, name, place)
                CROSS JOIN LATERAL (
                    SELECT \(HistoryRows.columns) FROM \(table.source) AS metrics
                    WHERE runtime_id = pair.component AND metric_name = pair.name AND \(within(stretch, boundary))
                    ORDER BY timestamp DESC, metric_id DESC LIMIT \(rows)
                ) AS row
            ), ends AS (
                SELECT timestamp, metric_id FROM (
                    SELECT timestamp, metric_id,
                        row_number() OVER (PARTITION BY place ORDER BY timestamp DESC, metric_id DESC) AS number
                    FROM found
                ) AS numbered WHERE number = \(rows) ORDER BY timestamp DESC, metric_id DESC LIMIT 1
            )
            """
    }

    private mutating func foundAmongAll(
        _ stretch: HistoryStretch,
        _ boundary: HistoryCursor.Boundary,
        rows: Int
    ) -> String {
        """
        found AS MATERIALIZED (
            SELECT \(HistoryRows.columns) FROM \(table.source) AS metrics WHERE \(within(stretch, boundary, Self.universal))
            ORDER BY \(Self.universal) DESC, metric_id DESC LIMIT \(rows)
        ), ends AS (SELECT timestamp, metric_id FROM found ORDER BY timestamp DESC, metric_id DESC OFFSET \(rows - 1))
        """
    }

    /// A row is written when it is taken or later. So the tables of days before are not looked into.
    private mutating func within(
        _ stretch: HistoryStretch,
        _ boundary: HistoryCursor.Boundary,
        _ time: String = "timestamp"
    ) -> String {
        let type = time == Self.universal ? "timestamp" : "timestamptz"
        let start = bind(stretch.start.text, type)
        let end = bind(stretch.end.moment.text, type)
        let number = bind("\(stretch.end.identifier)", "bigint")
        let ceiling = bind("\(boundary.ceiling.identifier(in: table))", "bigint")
        let last = bind("\(boundary.ceiling.last(in: table))", "bigint")
        var conditions = """
            \(time) >= \(start) AND \(time) <= \(end) AND (\(time), metric_id) < (\(end), \(number))
            AND NOT (metric_id > \(ceiling) AND metric_id <= \(last))
            """
        if let written = stretch.written {
            conditions += " AND created_at >= \(bind(written.text, "timestamptz"))"
        }
        return conditions
    }

    private mutating func bind(_ value: String?, _ type: String) -> String {
        parameters.append(value)
        return "$\(parameters.count)::\(type)"
    }
}

/// A part of the time that a query asks for.
struct HistoryStretch: Sendable, Hashable {
    /// Included.
    let start: HistoryMoment
    /// Not included: what is before it in the order of answers.
    let end: HistoryKey
    /// Rows that were written earlier have no such times; nil where that is not known.
    let written: HistoryMoment?
}
