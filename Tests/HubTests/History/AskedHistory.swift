import AsyncHTTP
import TestPostgres

@testable import Hub

/// A log, a database for it, and whoever answers from both.
struct AskedHistory: Sendable {
    let fixture: HistoryFixture
    let store: LogStore
    let queries: HistoryQueries

    init(
        _ server: Result<TestPostgres, any Error> = TestPostgres.shared,
        beside other: AskedHistory? = nil,
        _ change: (inout HistoryQueriesConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(HistoryFixture(server, beside: other?.fixture), change)
    }

    init(_ fixture: HistoryFixture, _ change: (inout HistoryQueriesConfiguration) -> Void = { _ in }) throws {
        self.fixture = fixture
        store = try LogStore(of: fixture.log)
        // The tables are there, and the log is known.
        _ = try fixture.history()
        var configuration = HistoryQueriesConfiguration(try fixture.database.configuration())
        configuration.backoff = fixture.configuration.backoff
        // Whatever else this machine does.
        configuration.limits.deadline = .seconds(20)
        configuration.limits.budget = .seconds(10)
        change(&configuration)
        queries = try HistoryQueries(
            configuration,
            of: fixture.log,
            beside: store,
            clock: ContinuousClock(),
            wallClock: { midnight }
        )
    }

    /// Writes so many of the reports that are not in the database.
    func write(_ count: Int = .max) throws {
        let history = try fixture.history()
        while case let unread = try fixture.unread(history).prefix(count), !unread.isEmpty {
            _ = try history.write(Array(unread.prefix(1000)))
            if count < .max { return }
        }
    }

    func answer(_ query: LogQuery = LogQuery(), _ cursor: String? = nil) async throws -> HistoryPage {
        var asked = HistoryQuery(query, cursor: cursor.flatMap { HistoryCursor(text: $0) })
        if asked.cursor == nil { asked.samples.cursor = cursor.flatMap { LogCursor(text: $0) } }
        return try await queries.answer(asked) { $0 }
    }

    /// Page by page to the end.
    func all(
        _ query: LogQuery = LogQuery(),
        between: (Int) async throws -> Void = { _ in }
    ) async throws -> (rows: [LogPage.Row], pages: Int) {
        var (rows, pages, cursor) = ([LogPage.Row](), 0, String?.none)
        repeat {
            let page = try await answer(query, cursor)
            rows += page.rows
            pages += 1
            cursor = page.next
            try await between(pages)
        } while cursor != nil
        return (rows, pages)
    }

    func close() {
        queries.close()
        store.close()
    }
}

extension [LogPage.Row] {
    /// What they say, whatever their numbers and their order.
    var said: [String] {
        map { "\($0.component) \($0.metric) \($0.arrived)" }.sorted()
    }
}
