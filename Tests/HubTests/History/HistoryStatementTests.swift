import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A statement of a query", .timeLimit(.minutes(2)))
struct HistoryStatementTests {
    private static let boundary = HistoryCursor.Boundary(sequence: 0, ceiling: RowNumber(log: 1, row: 1 << 40))

    private static func stretch(from start: Int64, to end: Int64) -> HistoryStretch {
        let start = HistoryMoment(milliseconds: midnight + start)
        return HistoryStretch(
            start: start,
            end: HistoryKey(moment: HistoryMoment(milliseconds: midnight + end), identifier: .max),
            written: start.earlier(by: .seconds(3600))
        )
    }

    private static let pair = HistoryPair(component: 7, name: "metric_1")
    private static let rare = HistoryPair(component: 10_000, name: "rare")
    private static let some = (1...60).map { HistoryPair(component: $0, name: "metric_\($0 % 5)") }
    private static let filtered = {
        var query = LogQuery()
        (query.kind, query.labels) = (.gauge, [ReportedLabel(name: "host", value: "h1")])
        return query
    }()
    private static let last = stretch(from: 0, to: day)
    private static let everything = HistoryStretch(start: .earliest, end: .newest, written: nil)

    /// 200,000 rows of a thousand components over four days, and one that hardly reports.
    static let filled = Result {
        let database = try TestDatabase()
        let connection = try database.connect()
        _ = try PostgresSchema.prepare(connection)
        var partitions = HistoryPartitions()
        try partitions.ensure(Set((-3...0).map { midnight.dividedByDay.day + $0 }), connection)
        try connection.execute(
            """
            INSERT INTO noetl.runtime (runtime_id, kind, name)
            SELECT number, 'pool', 'w' || number FROM generate_series(0, 10000) AS number;
            INSERT INTO noetl.metrics
            SELECT 1::bigint << 48 | number, number / 5 % 1000, 'metric_' || number % 5, 'gauge', number,
                jsonb_build_object('host', 'h' || number % 3), 'what it is', 'percent', moment, moment
            FROM generate_series(0, 199999) AS number,
                LATERAL (SELECT to_timestamp(\(midnight / 1000 - 3 * 86_400) + number / 5 * 8.64) AS moment) AS time;
            INSERT INTO noetl.metrics
            SELECT 2::bigint << 48 | number, 10000, 'rare', 'gauge', number, NULL, NULL, NULL, moment, moment
            FROM generate_series(0, 2) AS number,
                LATERAL (SELECT to_timestamp(\(midnight / 1000 - 3 * 86_400) + number) AS moment) AS time;
            ANALYZE noetl.metrics
            """
        )
        return database
    }

    /// As it is run: prepared.
    private static func explain(
        _ how: String,
        _ statement: HistoryStatement,
        _ connection: PostgresConnection
    ) throws -> PostgresRows {
        let values = statement.parameters.map { $0.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL" }
        try connection.execute("DEALLOCATE ALL; PREPARE asked AS \(statement.sql)")
        return try connection.query("\(how) EXECUTE asked (\(values.joined(separator: ", ")))")
    }

    @Test(
        "finds its rows by an index in every table of a day",
        arguments: [
            ("a series", .pairs([pair]), last, LogQuery(), 1001),
            ("a series that hardly reports", .pairs([rare]), everything, LogQuery(), 1001),
            ("a series of all time", .pairs([pair]), everything, filtered, 5000),
            ("some series", .pairs(some), last, LogQuery(), 21),
            ("some, and a rare one", .pairs(some + [rare]), stretch(from: -2 * day, to: 0), filtered, 100),
            ("everything", .all(names: nil, of: nil), last, LogQuery(), 1001),
            ("everything of all time", .all(names: nil, of: nil), everything, LogQuery(), 1001),
            ("a name of all", .all(names: ["metric_1"], of: nil), everything, filtered, 5000),
            ("some components", .all(names: nil, of: Array(1...900)), stretch(from: -2 * day, to: 0), filtered, 5000),
        ] as [(String, HistoryChoice, HistoryStretch, LogQuery, Int)]
    )
    func plans(name: String, choice: HistoryChoice, stretch: HistoryStretch, query: LogQuery, rows: Int) throws {
        let connection = try Self.filled.get().connect()
        let statement = HistoryStatement(.ours, choice, stretch, query, behind: Self.boundary, rows: rows, limit: 1001)
        let isOfSeries = if case .pairs = choice { true } else { false }
        let index = isOfSeries ? "_runtime_id_metric_name_timestamp_idx" : "_timezone_metric_id_idx"
        // As anybody asks, and as we do.
        for isOurs in [false, true] {
            if isOurs { try connection.execute(HistoryConnection.plans) }
            let plan = try Self.explain("EXPLAIN", statement, connection)
            let lines = (0..<plan.count).compactMap { plan.text($0, 0) }.filter { $0.contains(" metrics_") }
            #expect(!lines.isEmpty)
            for line in lines {
                let isInOrder = line.contains("Index Scan Backward using") && line.contains(index)
                let isByIndex =
                    line.contains("Bitmap Heap Scan") || line.contains("Bitmap Index Scan") && line.contains(index)
                #expect(isInOrder || isByIndex && !isOurs, "\(name): \(line)")
            }
        }
    }

    @Test("looks at no more rows than it has to, whatever else there is")
    func buffers() throws {
        let connection = try Self.filled.get().connect()
        try connection.execute(HistoryConnection.plans)
        let statement = HistoryStatement(
            .ours,
            .pairs([Self.rare]),
            Self.everything,
            LogQuery(),
            behind: Self.boundary,
            rows: 1001,
            limit: 1001
        )
        #expect(try connection.query(statement.sql, statement.parameters).count == 3)
        let plan = try Self.explain("EXPLAIN (ANALYZE, BUFFERS)", statement, connection)
        let lines = (0..<plan.count).compactMap { plan.text($0, 0) }
        let pages = lines.first { $0.contains("Buffers: shared hit=") }?.split(separator: "=").last?.prefix {
            $0.isNumber
        }
        #expect(try #require(pages.flatMap { Int($0) }) < 60)
    }
}
