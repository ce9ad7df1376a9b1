import AsyncHTTP
import Hub
import Testing

@Suite("A query of the log")
struct QueryTests {
    /// Three components over three days, in an order that a seed decides; some samples late, some early.
    static func fill(_ log: Log, count: Int = 600) async throws {
        var numbers = SeededNumbers(seed: 11)
        for number in 0..<count {
            let arrived = midnight + Int64(number) * 3 * day / Int64(count)
            let metrics = (0..<Int.random(in: 1...4, using: &numbers)).map { place in
                let kinds = ReportedKind.allCases
                let delays: [Int64] = [0, 0, 0, 1000, 2 * day, -200_000]
                let delay = delays.randomElement(using: &numbers) ?? 0
                return ReportedMetric(
                    name: "m\(place)",
                    kind: kinds.randomElement(using: &numbers) ?? .gauge,
                    value: Double(number),
                    time: arrived - delay,
                    labels: [ReportedLabel(name: "host", value: "h\(number % 3)")]
                )
            }
            let name = ["a", "b", "c"].randomElement(using: &numbers) ?? "a"
            _ = try await log.append(
                Report(component: Component(type: "t\(name)", name: name), metrics: metrics, arrived: arrived)
            )
        }
    }

    /// Page by page to the end.
    private static func all(_ query: LogQuery, _ queries: LogQueries) async throws -> (rows: [LogPage.Row], pages: Int)
    {
        var (query, rows, pages) = (query, [LogPage.Row](), 0)
        repeat {
            let page = try await queries.answer(query)
            rows += page.rows
            pages += 1
            // Through its text, as a client sends it.
            query.cursor = page.next.flatMap { LogCursor(text: $0.text) }
        } while query.cursor != nil
        return (rows, pages)
    }

    private static func query(_ change: (inout LogQuery) -> Void) -> LogQuery {
        var query = LogQuery()
        change(&query)
        return query
    }

    static let queries: [(String, LogQuery)] = [
        ("everything", query { _ in }),
        ("a component", query { $0.componentName = "b" }),
        ("a type", query { $0.componentType = "tc" }),
        ("a runtime id", query { $0.runtimeID = Component(type: "ta", name: "a").runtimeID }),
        ("a component of another type", query { ($0.componentName, $0.componentType) = ("b", "tc") }),
        ("a name", query { $0.names = ["m3"] }),
        ("names", query { ($0.names, $0.componentName) = (["m1", "m2", "nothing"], "a") }),
        ("no name", query { $0.names = [] }),
        ("a kind", query { $0.kind = .summary }),
        ("a label", query { $0.labels = [ReportedLabel(name: "host", value: "h1")] }),
        ("two labels", query { $0.labels = [.init(name: "host", value: "h1"), .init(name: "host", value: "h2")] }),
        ("from a time", query { $0.start = midnight + 2 * day }),
        ("to a time", query { $0.end = midnight }),
        ("an hour", query { ($0.start, $0.end, $0.componentName) = (midnight + day, midnight + day + hour, "a") }),
        ("an hour of all", query { ($0.start, $0.end) = (midnight + day, midnight + day + hour) }),
        ("nothing between", query { ($0.start, $0.end) = (midnight + 2, midnight + 1) }),
        ("all time", query { ($0.start, $0.end, $0.componentName) = (.min, .max, "c") }),
    ]

    @Test("has what a look at every sample has, the newest first, in pages of any size", arguments: queries)
    func model(name: String, query: LogQuery) async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        try await Self.fill(log)
        let queries = try LogQueries(log)
        let everything = try log.reader().read(after: 0, limit: 10_000)
        let expected: [(Int64, ReportedMetric)] = everything.reversed().flatMap { report in
            report.metrics.reversed().filter { metric in
                (query.componentName ?? report.component.name) == report.component.name
                    && (query.componentType ?? report.component.type) == report.component.type
                    && (query.runtimeID ?? report.component.runtimeID) == report.component.runtimeID
                    && query.names?.contains(metric.name) ?? true && (query.kind ?? metric.kind) == metric.kind
                    && query.labels.allSatisfy(metric.labels.contains)
                    && metric.time >= query.start ?? .min && metric.time <= query.end ?? .max
            }.map { (report.arrived, $0) }
        }
        for limit in [10_000, 7, 1] where limit > 1 || expected.count < 400 {
            var query = query
            query.limit = limit
            let (rows, pages) = try await Self.all(query, queries)
            #expect(rows.map(\.metric) == expected.map(\.1), "\(name), \(limit) a page")
            #expect(rows.map(\.arrived) == expected.map(\.0))
            #expect(pages == max(1, (expected.count + limit - 1) / limit))
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.id > $1.id })
        }
        queries.close()
        log.close()
    }

    @Test(
        "finds a sample that came late, or early, from a component that never was before",
        arguments: [-3 * day, 2 * hour]
    )
    func lateness(offset: Int64) async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        _ = try await log.append(.sample())
        let time = midnight + 1000 + offset
        let metric = ReportedMetric(name: "late", kind: .gauge, value: 2, time: time)
        _ = try await log.append(
            Report(component: Component(type: "pool", name: "worker"), metrics: [metric], arrived: midnight + 1000)
        )
        let queries = try LogQueries(log)
        let page = try await queries.answer(Self.query { ($0.start, $0.end) = (time, time) })
        #expect(page.rows.map(\.metric) == [metric])
        queries.close()
    }

    @Test("that has used its budget says where to go on, and gets to the end")
    func budget() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.queryBudget = .zero }
        for number in 0..<500 { _ = try await log.append(.sample(["m\(number)": 1], at: midnight + Int64(number))) }
        let queries = try LogQueries(log, clock: { MonotonicInstant(nanoseconds: 0) })
        // Found in the oldest report: most pages are empty. With another name than it, all reports are looked at.
        let (rows, pages) = try await Self.all(Self.query { $0.names = ["m0"] }, queries)
        #expect(rows.map(\.metric.name) == ["m0"])
        #expect(pages == 8)
        queries.close()
    }

    @Test("is about what is there when it is asked: a table that goes meanwhile is not missed")
    func afterRetention() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(86_400) }
        let queries = try LogQueries(log)
        for number in 0..<3 { _ = try await log.append(.sample(at: midnight + Int64(number) * day)) }
        let page = try await queries.answer(Self.query { $0.limit = 1 })
        _ = try await log.append(.sample(at: midnight + 9 * day))
        let next = try await queries.answer(Self.query { $0.cursor = page.next })
        #expect(page.rows.count == 1 && next.rows.isEmpty && next.next == nil)
    }

    @Test("is given as many rows as may be, and one at least")
    func limits() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.queryRows = 2 }
        for _ in 0..<3 { _ = try await log.append(.sample()) }
        let queries = try LogQueries(log)
        #expect(try await queries.answer(Self.query { $0.limit = 100 }).rows.count == 2)
        #expect(try await queries.answer(Self.query { $0.limit = -1 }).rows.count == 1)
        queries.close()
        let error = await #expect(throws: LogError.self) { try await queries.answer(LogQuery()) }
        #expect(error?.kind == .closed)
    }

    @Test(
        "takes no cursor that it has not given",
        arguments: ["", "-1", "+1", "a b", "zzzzzzzzzzzzz", "99999999999999", "ä"]
    )
    func cursors(text: String) {
        #expect(LogCursor(text: text) == nil)
    }
}
