import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("Queries of a database of the predecessor")
struct PredecessorQueryTests {
    @Test("are answered page by page, with what was there before, too", arguments: PredecessorDatabase.allCases)
    func queries(version: PredecessorDatabase) async throws {
        let fixture = try HistoryFixture()
        try version.make(in: fixture.database)
        let asked = try AskedHistory(fixture)
        try await asked.fixture.append(0..<12)
        try asked.write(8)
        var query = LogQuery()
        query.limit = 3
        query.name = "m"
        #expect(try await asked.all(query).rows.map(\.metric.value).sorted() == (0..<12).map(Double.init))
        query.runtimeID = Component(type: "pool", name: "w1").runtimeID
        #expect(try await asked.all(query).rows.map(\.metric.value).sorted() == [1, 4, 7, 10])
        query.runtimeID = nil
        query.name = "old"
        let old = try await asked.answer(query)
        #expect(old.source == "postgres" && old.rows.count == (version == .componentsOnly ? 0 : 1))
        asked.close()
    }

    @Test("have labels of any kind, as they are found")
    func labels() async throws {
        let fixture = try HistoryFixture()
        try PredecessorDatabase.plain.make(in: fixture.database)
        let asked = try AskedHistory(fixture)
        try fixture.database.connect().execute(
            """
            UPDATE noetl.metric SET labels = '{"port": 8080, "host": "h", "spare": null, "on": true}'
            WHERE metric_name = 'old'
            """
        )
        var query = LogQuery()
        query.name = "old"
        let labels = try await asked.answer(query).rows.first?.metric.labels
        #expect(labels?.map { "\($0.name)=\($0.value)" } == ["host=h", "on=true", "port=8080"])
        asked.close()
    }
}
