import Hub
import Testing

@Suite("A query by a metric's name")
struct CatalogueTests {
    private static func names(_ name: String, _ queries: LogQueries) async throws -> Set<String> {
        var query = LogQuery()
        query.name = name
        return try await queries.answer(query, as: { Set($0.rows.map(\.metric.name)) })
    }

    @Test(
        "is about that metric, or about all of whose name it is a part",
        arguments: [
            ("cpu", ["cpu"]), ("cpu_", ["cpu_usage", "cpu_load"]), ("u_", ["cpu_usage", "cpu_load"]),
            ("load", ["cpu_load"]), ("CPU", []), ("cpu_usage_", []), ("usagE", []), ("xx", ["aaxx"]), ("axx", ["aaxx"]),
            ("\u{212a}", []), ("K", ["K"]), ("%", []), ("", ["cpu", "cpu_usage", "cpu_load", "aaxx", "K"]),
        ] as [(String, Set<String>)]
    )
    func names(asked: String, found: Set<String>) async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        _ = try await log.append(.sample(["cpu": 1, "cpu_usage": 1, "cpu_load": 2, "aaxx": 1, "K": 1]))
        let queries = try LogQueries(log)
        #expect(try await Self.names(asked, queries) == found)
        queries.close()
        log.close()
    }

    @Test("knows new metrics at once, and none that retention has taken")
    func renewal() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(2 * 86_400) }
        let queries = try LogQueries(log)
        #expect(try await Self.names("m", queries) == [])
        _ = try await log.append(.sample(["m_one": 1]))
        #expect(try await Self.names("m", queries) == ["m_one"])
        _ = try await log.append(.sample(["m_two": 1], at: midnight + day))
        #expect(try await Self.names("m", queries) == ["m_one", "m_two"])
        #expect(try await Self.names("m_two", queries) == ["m_two"])
        // With the first table its name goes: another is then found by it.
        _ = try await log.append(.sample(["m_one_b": 1], at: midnight + 3 * day))
        #expect(try await Self.names("m_one", queries) == ["m_one_b"])
        queries.close()
        log.close()
    }

    @Test("asks for names that are named besides, too")
    func both() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        _ = try await log.append(.sample(["m_one": 1, "m_two": 1]))
        let queries = try LogQueries(log)
        var query = LogQuery()
        (query.name, query.names) = ("m", ["m_two", "x"])
        #expect(try await queries.answer(query).rows.map(\.metric.name) == ["m_two"])
        queries.close()
        log.close()
    }
}
