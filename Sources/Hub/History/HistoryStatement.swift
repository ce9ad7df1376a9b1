import Postgres

/// A look at a stretch of the rows: statements and what they are given. All are answered with an index, whatever there is.
///
/// Each has two parts. The first goes through rows in their order, without a look at what is in them; the second leaves out what is
/// not wanted. So a statement's work has a limit, also where hardly a row is wanted.
struct HistoryStatement {
    /// The index over all times is of this, so that the server does not take it for the rows of one series: it would read all others.
    static let universal = "(timestamp AT TIME ZONE 'UTC')"

    private let table: MetricsTable
    private(set) var sql = ""
    private(set) var parameters: [String?] = []
    /// Finds the last row that may have been looked at, where the statement does not say it.
    private(set) var end: String?
    private(set) var parametersOfEnd: [String?] = []

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
        switch choice {
        case .pairs(let pairs) where pairs.count == 1:
            let series = pairs.map { pair in
                "runtime_id = \(bind("\(pair.component)", "bigint")) AND metric_name = \(bind(pair.name, "text")) AND "
            }
            let condition = series.joined() + within(stretch, boundary)
            goThrough(condition, by: "timestamp", rows: rows)
            keep(filter, limit: limit)
        case .pairs(let pairs):
            findEach(of: pairs, stretch, boundary, rows: rows)
            keepBefore(filter, limit: limit)
        case .all(let names, let components):
            goThrough(within(stretch, boundary, Self.universal), by: Self.universal, rows: rows)
            keep(filter, names, components, limit: limit)
        case .nothing:
            goThrough("false", by: "timestamp", rows: 0)
            keep(filter, limit: 0)
        }
    }

    // MARK: In their order

    private mutating func goThrough(_ condition: String, by time: String, rows: Int) {
        let source = "FROM \(table.source) AS metrics WHERE \(condition) ORDER BY \(time) DESC, metric_id DESC"
        let count = bind("\(rows)", "bigint")
        sql = "SELECT \(HistoryRows.columns), \(time) AS place \(source) LIMIT \(count)"
        end = "SELECT timestamp, metric_id \(source) OFFSET greatest(\(count), 1) - 1 LIMIT 1"
        parametersOfEnd = parameters
    }

    /// As many of them as are wanted: nothing is looked at behind the last of these.
    private mutating func keep(
        _ filter: LogQuery,
        _ names: Set<String>? = nil,
        _ components: [Int64]? = nil,
        limit: Int
    ) {
        var conditions: [String] = []
        if let names { conditions.append("metric_name = ANY (\(bind(ArrayText.of(names), "text[]")))") }
        if let components { conditions.append("runtime_id = ANY (\(bind(ArrayText.of(components), "bigint[]")))") }
        conditions += self.conditions(of: filter)
        if conditions.isEmpty {
            end = nil
            conditions.append("true")
        }
        sql = """
            SELECT NULL::timestamptz, NULL::bigint, \(HistoryRows.columns) FROM (\(sql)) AS found
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY place DESC, metric_id DESC LIMIT \(bind("\(limit)", "bigint"))
            """
    }

    /// What costs the server most is last.
    private mutating func conditions(of filter: LogQuery) -> [String] {
        var conditions: [String] = []
        if let kind = filter.kind { conditions.append("metric_type = \(bind(kind.name, "text"))") }
        if !filter.labels.isEmpty {
            let labels = ArrayText.of(filter.labels.map { LabelText.written([$0]) })
            conditions.append("labels @> ALL (\(bind(labels, "jsonb[]")))")
        }
        return conditions
    }

    // MARK: Series by series

    /// The newest of each series, with the newest moment before which some series may have more.
    private mutating func findEach(
        of pairs: [HistoryPair],
        _ stretch: HistoryStretch,
        _ boundary: HistoryCursor.Boundary,
        rows: Int
    ) {
        let components = bind(ArrayText.of(pairs.map(\.component)), "bigint[]")
        let names = bind(ArrayText.of(pairs.map(\.name)), "text[]")
        let count = bind("\(rows)", "bigint")
        sql = """
            found AS MATERIALIZED (
                SELECT pair.place, row.* FROM unnest(\(components), \(names)) WITH ORDINALITY
                    AS pair (component, name, place)
                CROSS JOIN LATERAL (
                    SELECT \(HistoryRows.columns) FROM \(table.source) AS metrics
                    WHERE runtime_id = pair.component AND metric_name = pair.name AND \(within(stretch, boundary))
                    ORDER BY timestamp DESC, metric_id DESC LIMIT \(count)
                ) AS row
            ), ends AS (
                SELECT timestamp, metric_id FROM (
                    SELECT timestamp, metric_id,
                        row_number() OVER (PARTITION BY place ORDER BY timestamp DESC, metric_id DESC) AS number
                    FROM found
                ) AS numbered WHERE number = \(count) ORDER BY timestamp DESC, metric_id DESC LIMIT 1
            )
            """
    }

    /// What is behind the end of one of the series is not known of that one, and left out.
    private mutating func keepBefore(_ filter: LogQuery, limit: Int) {
        let conditions =
            conditions(of: filter) + [
                "coalesce((timestamp, metric_id) >= (SELECT timestamp, metric_id FROM ends), true)"
            ]
        sql = """
            WITH \(sql), kept AS (
                SELECT * FROM found WHERE \(conditions.joined(separator: " AND "))
                ORDER BY timestamp DESC, metric_id DESC LIMIT \(bind("\(limit)", "bigint"))
            )
            SELECT (SELECT timestamp FROM ends), (SELECT metric_id FROM ends), \(HistoryRows.columns)
            FROM (VALUES (1)) AS one LEFT JOIN kept ON true ORDER BY kept.timestamp DESC, kept.metric_id DESC
            """
    }

    // MARK: Conditions

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
