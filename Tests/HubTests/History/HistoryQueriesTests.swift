import AsyncHTTP
import Glibc
import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A query with a database", .serialized, .timeLimit(.minutes(2)))
struct HistoryQueriesTests {
    @Test(
        "has the rows that the log has, in pages of any size, however much of them is in the database",
        arguments: [0, 250, Int.max]
    )
    func filters(written: Int) async throws {
        let history = try AskedHistory()
        try await QueryTests.fill(history.fixture.log)
        try history.write(written)
        for (name, query) in QueryTests.queries {
            var query = query
            query.limit = 10_000
            let expected = try await history.store.answer(query) { $0.rows }.said
            for limit in [10_000, 70, 7] where limit > 7 || expected.count < 400 {
                query.limit = limit
                let (rows, pages) = try await history.all(query)
                #expect(rows.said == expected, "\(name), \(limit) a page")
                let full = expected.count / limit
                #expect((max(1, full)...full + 1).contains(pages), "\(name), \(limit) a page")
                guard written == .max else { continue }
                #expect(zip(rows, rows.dropFirst()).allSatisfy { ($0.metric.time, $0.id) > ($1.metric.time, $1.id) })
            }
        }
        history.close()
    }

    @Test(
        "finds metrics by a part of their names, or by a name that there is",
        arguments: [
            ("cpu", ["cpu"]), ("cpu_", ["cpu_load", "cpu_usage"]), ("load", ["cpu_load"]), ("CPU", []), ("%", []),
            ("", ["K", "cpu", "cpu_load", "cpu_usage"]),
        ] as [(String, [String])]
    )
    func names(asked: String, found: [String]) async throws {
        let history = try AskedHistory()
        _ = try await history.fixture.log.append(.sample(["cpu": 1, "cpu_usage": 1, "cpu_load": 2, "K": 1]))
        try history.write()
        var query = LogQuery()
        query.name = asked
        let page = try await history.answer(query)
        #expect(page.rows.map(\.metric.name).sorted() == found)
        #expect(page.source == "postgres" && page.notice == nil)
        history.close()
    }

    @Test("gives each row once while they are being written, and while others come")
    func whileWritten() async throws {
        let history = try AskedHistory()
        let fixture = history.fixture
        try await fixture.append(0..<300)
        try fixture.following { follower in
            var query = LogQuery()
            query.limit = 11
            let (rows, _) = try await history.all(query) { page in
                try await fixture.append(299 + page..<300 + page)
            }
            let values = rows.filter { $0.metric.name == "m" }.map(\.metric.value)
            #expect(values.filter { $0 < 300 }.count == 300)
            #expect(Set(values).count == values.count)
            #expect(rows.count >= 600)
            await until { follower.status.unread == 0 }
        }
        history.close()
    }

    @Test("goes on where it was, whatever has been written meanwhile")
    func cursors() async throws {
        let history = try AskedHistory()
        try await history.fixture.append(0..<40)
        try history.write(20)
        var query = LogQuery()
        query.limit = 15
        var lengths: [Int] = []
        let (rows, _) = try await history.all(query) { page in
            lengths.append(page)
            if page == 1 { try history.write() }
            if page == 2 { try await history.fixture.append(40..<50) }
            if page == 3 { try history.write() }
        }
        #expect(rows.count == 80)
        #expect(Set(rows.map { "\($0.metric.name) \($0.metric.value)" }).count == 80)
        #expect(lengths.count == 6)
        history.close()
    }

    @Test("has rows of other hubs, and values and texts as they were reported")
    func others() async throws {
        let history = try AskedHistory()
        let other = try AskedHistory(beside: history)
        let metrics = [Double.infinity, -.infinity, .nan, -0.0, 0.1, 1e-300].enumerated().map { number, value in
            ReportedMetric(
                name: "odd",
                kind: .summary,
                value: value,
                time: midnight - Int64(number) * 366 * day * 300,
                labels: [
                    ReportedLabel(name: "a", value: "\\\"'{},\t\n\u{e9}\u{301}\u{1F600}"),
                    ReportedLabel(name: "n\(number)", value: ""),
                ],
                help: "it's \\ \"odd\"",
                unit: "\u{b5}s"
            )
        }
        let component = Component(type: "t'", name: "w\\\"\u{e9}", instance: "1")
        _ = try await other.fixture.log.append(Report(component: component, metrics: metrics, arrived: midnight))
        try other.write()
        var query = LogQuery()
        query.componentName = component.name
        query.labels = [metrics[0].labels[0]]
        let rows = try await history.answer(query).rows
        #expect(rows.map { "\($0.metric)" } == metrics.map { "\($0)" })
        #expect(rows.allSatisfy { $0.component == component && $0.arrived == midnight })
        // What only looks the same is another text.
        query.componentName = "w\\\"e\u{301}"
        #expect(try await history.answer(query).rows.isEmpty)
        query = LogQuery()
        query.labels = [ReportedLabel(name: "a", value: metrics[0].labels[0].value + "x")]
        #expect(try await history.answer(query).rows.isEmpty)
        history.close()
        other.queries.close()
    }

    @Test("sees series that another transaction has added late")
    func lateTransaction() async throws {
        let history = try AskedHistory()
        try await history.fixture.append(0..<1)
        try history.write()
        let late = try history.fixture.database.connect()
        try late.execute(
            "BEGIN; INSERT INTO noetl.series SELECT runtime_id, 'late', now() FROM noetl.series LIMIT 1"
        )
        try await history.fixture.append(1..<2)
        try history.write()
        var query = LogQuery()
        query.name = "late"
        #expect(try await history.answer(query).rows.isEmpty)
        try late.execute(
            """
            INSERT INTO noetl.metrics SELECT metric_id + 1000, runtime_id, 'late', metric_type, 1, NULL, NULL, NULL,
                timestamp, created_at FROM noetl.metrics WHERE metric_name = 'm' LIMIT 1;
            UPDATE noetl.cursors SET rows = rows + 2000; COMMIT
            """
        )
        #expect(try await history.answer(query).rows.map(\.metric.name) == ["late"])
        history.close()
    }

    @Test("that has used its budget says where to go on, and gets to the end")
    func budget() async throws {
        let history = try AskedHistory {
            $0.limits.budget = .zero
            ($0.limits.stride, $0.limits.portion) = (10, 10)
            $0.limits.rowsOfPair = 2
        }
        try await history.fixture.append(0..<60)
        try history.write()
        var query = LogQuery()
        query.kind = .counter
        let (rows, pages) = try await history.all(query)
        #expect(rows.isEmpty)
        #expect(pages > 5)
        query.kind = .gauge
        #expect(try await history.all(query).rows.count == 120)
        history.close()
    }
}
