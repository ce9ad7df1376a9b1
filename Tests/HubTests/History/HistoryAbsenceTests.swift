import AsyncHTTP
import Cache
import Glibc
import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A query while the database is not there", .serialized, .timeLimit(.minutes(2)))
struct HistoryAbsenceTests {
    @Test("is answered from the log, which says so, until the database is there again")
    func stopped() async throws {
        let server = Result { try TestPostgres() }
        let history = try AskedHistory(server)
        try await history.fixture.append(0..<20)
        try history.write(10)
        var query = LogQuery()
        query.limit = 25
        let page = try await history.answer(query)
        #expect(page.source == "postgres" && page.rows.count == 25)
        try server.get().stop()
        let cursor = try #require(page.next)
        let error = await #expect(throws: HistoryAbsence.self) { _ = try await history.answer(query, cursor) }
        #expect(error == .unreachable)
        let instead = try await history.answer(query)
        #expect(instead.source == "sqlite" && instead.rows.count == 25)
        #expect(
            instead.notice
                == "PostgreSQL cannot be reached: this is what the log of this hub has, since 2026-11-26T00:00:00.000Z"
        )
        // It goes on in the log, also when the database is back.
        try server.get().resume()
        let rest = try await history.answer(query, instead.next)
        #expect(rest.source == "sqlite" && rest.rows.count == 15 && rest.next == nil)
        while try await history.answer(query).source != "postgres" {}
        let end = try await history.answer(query, cursor)
        #expect(end.rows.count == 15 && end.next == nil)
        history.close()
    }

    @Test("is not what others have to wait for: the connection comes back before somebody asks")
    func tended() async throws {
        let server = Result { try TestPostgres() }
        let history = try AskedHistory(server)
        while try await history.answer().source != "postgres" {}
        try server.get().stop()
        #expect(try await history.answer().source == "sqlite")
        try server.get().resume()
        let connections = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'agent-hub queries'"
        #expect(try history.fixture.database.number(connections) == 0)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { await history.queries.run() }
            while try history.fixture.database.number(connections) == 0 { try await Task.sleep(for: .milliseconds(20)) }
            tasks.cancelAll()
        }
        history.close()
    }

    @Test("who waits for another's has the whole time for their own, and whoever waits too long breaks nothing off")
    func queue() async throws {
        let fixture = try HistoryFixture()
        _ = try fixture.history()
        var configuration = HistoryQueriesConfiguration(try fixture.database.configuration())
        configuration.limits.deadline = .milliseconds(600)
        let desk = HistoryDesk(
            configuration,
            log: fixture.log.identity,
            clock: ContinuousClock(),
            now: { .now },
            failed: { _ in }
        )
        let work = { @Sendable (connection: HistoryConnection) throws(PostgresError) -> Bool in
            usleep(400_000)
            return try connection.boundary() != nil
        }
        let answers = await withTaskGroup { tasks in
            for _ in 0..<4 {
                tasks.addTask { () -> String in
                    do { return try await desk.ask(work) ? "answered" : "nothing" } catch { return "\(error)" }
                }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        // The first two, in turn: 0.4 and 0.8 s. The others have not been begun after 0.6 s.
        #expect(answers.sorted() == ["answered", "answered", "busy", "busy"])
        #expect(try await desk.ask { connection throws(PostgresError) in try connection.boundary() != nil })
        desk.close()
    }

    @Test("is answered from the log within its limit when the server hangs")
    func hung() async throws {
        let server = Result { try TestPostgres() }
        let history = try AskedHistory(server) { $0.limits.deadline = .milliseconds(300) }
        try await history.fixture.append(0..<5)
        while try await history.answer().source != "postgres" {}
        let processes = try history.fixture.database.processes()
        for process in processes { kill(process, SIGSTOP) }
        let began = MonotonicInstant.now
        let page = try await history.answer()
        let took = began.duration(to: .now)
        #expect(page.source == "sqlite" && page.rows.count == 10)
        #expect(page.notice?.hasPrefix("PostgreSQL has not answered in time") == true)
        #expect(took >= .milliseconds(250) && took < .seconds(10))
        // Nobody waits for it a second time.
        let again = MonotonicInstant.now
        for _ in 0..<20 { #expect(try await history.answer().source == "sqlite") }
        #expect(again.duration(to: .now) < .milliseconds(20 * 300))
        for process in processes { kill(process, SIGCONT) }
        while try await history.answer().source != "postgres" {}
        history.close()
    }

    @Test("of tables is answered from the log, too, and so is a log that nobody has begun to write")
    func unprepared() async throws {
        let directory = try LogDirectory()
        let (log, database) = (try directory.log(), try TestDatabase())
        let store = try LogStore(of: log)
        _ = try await store.append(.sample())
        var configuration = HistoryQueriesConfiguration(try database.configuration())
        configuration.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(1))
        let queries = try HistoryQueries(
            configuration,
            of: log,
            beside: store,
            clock: ContinuousClock(),
            wallClock: { midnight }
        )
        for isMade in [false, true] {
            if isMade { _ = try PostgresSchema.prepare(database.connect()) }
            for _ in 0..<20 {
                let page = try await queries.answer(HistoryQuery()) { $0 }
                #expect(page.source == "sqlite" && page.rows.count == 1)
                #expect(page.notice?.hasPrefix("the tables in PostgreSQL are not ready: ") == true)
            }
        }
        queries.close()
        store.close()
    }

    @Test("is not lost by a statement that fails: the next one is answered")
    func refused() async throws {
        let history = try AskedHistory()
        try await history.fixture.append(0..<5)
        try history.write()
        #expect(try await history.answer().source == "postgres")
        // As a text of JSON it cannot be.
        var query = LogQuery()
        query.labels = [ReportedLabel(name: "a", value: "\u{1}\u{0}")]
        let page = try await history.answer(query)
        #expect(page.source == "sqlite" && page.notice?.contains("SQLSTATE 22") == true)
        #expect(try await history.answer().source == "postgres")
        history.close()
    }

    @Test("is tried later and later, by one query at a time")
    func schedule() {
        var attendance = HistoryAttendance(Backoff(initial: .seconds(10), cap: .seconds(20)))
        let moment = { MonotonicInstant(nanoseconds: $0 * 1_000_000_000) }
        #expect(attendance.advice(at: moment(0)) == .ask)
        attendance.failed(.slow, at: moment(0))
        #expect(attendance.advice(at: moment(7)) == .leave(.slow))
        #expect(attendance.advice(at: moment(13)) == .attempt(.slow))
        #expect(attendance.advice(at: moment(13)) == .leave(.slow))
        #expect(attendance.attemptBegan == moment(13))
        attendance.failed(.unreachable, at: moment(13))
        #expect(attendance.advice(at: moment(28)) == .leave(.unreachable))
        #expect(attendance.advice(at: moment(38)) == .attempt(.unreachable))
        attendance.succeeded()
        #expect(attendance.advice(at: moment(38)) == .ask)
        #expect(attendance.absence == nil)
    }
}

extension TestDatabase {
    /// Of the server, and of everybody who is connected.
    fileprivate func processes() throws -> [pid_t] {
        let path = "\(server.directory)/data/postmaster.pid"
        let first = try #require(FileText.firstLine(of: path).flatMap { pid_t($0) })
        let others = try answer(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        )
        return [first] + others.split(separator: "\n").compactMap { pid_t($0) }
    }
}

private enum FileText {
    static func firstLine(of path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 100)
        guard unsafe fgets(&line, 100, file) != nil else { return nil }
        return String(decoding: line.prefix { $0 > 32 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
