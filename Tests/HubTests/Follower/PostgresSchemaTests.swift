import AsyncHTTP
import Postgres
import Synchronization
import TestPostgres
import Testing

@testable import Hub

@Suite("The tables of the history")
struct PostgresSchemaTests {
    @Test("are made once, however many hubs begin at the same time")
    func together() throws {
        let database = try TestDatabase()
        #expect(try PostgresSchema.find(database.connect()) == nil)
        let threads = (0..<6).map { _ in WorkThread(capacity: 1) }
        let versions = Mutex<[Int]>([])
        for thread in threads {
            try thread.submit {
                let schema = try? PostgresSchema.prepare(database.connect())
                versions.withLock { $0.append(schema?.version ?? 0) }
            }
        }
        for thread in threads { thread.stop() }
        #expect(versions.withLock { $0 } == [1, 1, 1, 1, 1, 1])
        #expect(try database.number("SELECT count(*) FROM noetl.hub_schema") == 1)
        #expect(try PostgresSchema.find(database.connect()) == PostgresSchema(tables: .own, version: 1))
    }

    @Test("are left as they are when they are somebody else's, or of a later version")
    func foreign() throws {
        for (change, words) in [
            ("CREATE SCHEMA noetl; CREATE TABLE noetl.metric (a int)", "another program's table noetl.metric"),
            (
                "CREATE SCHEMA noetl; CREATE TABLE noetl.hub_schema (version int); INSERT INTO noetl.hub_schema VALUES (99)",
                "later version"
            ),
        ] {
            let database = try TestDatabase()
            try database.connect().execute(change)
            let error = #expect(throws: PostgresError.self) { _ = try PostgresSchema.prepare(database.connect()) }
            #expect(error?.kind == .configuration)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(try database.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'noetl'") == 1)
        }
    }

    @Test("are not made where some texts cannot be stored")
    func encoding() throws {
        let database = try TestDatabase()
        let name = "\(database.name)_latin"
        try database.connect().execute("CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        let url = database.url.replacing("/\(database.name)?", with: "/\(name)?")
        let error = #expect(throws: PostgresError.self) {
            _ = try PostgresSchema.prepare(PostgresConnection(PostgresConfiguration(url)))
        }
        #expect(error?.message.contains("LATIN1") == true)
    }

    @Test("are made by somebody who may, and used by somebody who may only write")
    func permissions() async throws {
        var fixture = try HistoryFixture { $0.retention = .seconds(2 * 86_400) }
        let owner = try fixture.database.connect()
        let writer = "\(fixture.database.name)_writer"
        try owner.execute("CREATE ROLE \(writer) LOGIN PASSWORD 'w'")
        let url = fixture.database.url.replacing("tester:secret@", with: "\(writer):w@")
        fixture.configuration.database = try PostgresConfiguration(url)
        let error = #expect(throws: PostgresError.self) { _ = try fixture.history() }
        #expect(error?.kind == .permission)
        _ = try PostgresSchema.prepare(owner)
        try owner.execute(
            """
            GRANT USAGE ON SCHEMA noetl TO \(writer);
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA noetl TO \(writer);
            CREATE TABLE noetl.metrics_20261126 PARTITION OF noetl.metrics FOR VALUES FROM ('2026-11-26') TO ('2026-11-27')
            """
        )
        try await fixture.append(0..<3)
        let history = try fixture.history()
        #expect(try history.write(fixture.unread(history)).rows == 6)
        // Days that somebody else has to make are named, and what it may do is done.
        _ = try await fixture.log.append(.sample(id: "r", at: midnight + day))
        let missing = #expect(throws: PostgresError.self) { _ = try history.write(fixture.unread(history)) }
        #expect(missing?.kind == .permission)
        #expect(missing?.message.contains("noetl.metrics_20261127") == true)
        try owner.execute("INSERT INTO noetl.reports VALUES (1, 'r', gen_random_uuid(), 1, '2026-11-01')")
        for (date, next) in [("20261127", "20261128"), ("20261128", "20261129"), ("20261101", "20261102")] {
            try owner.execute(
                "CREATE TABLE noetl.metrics_\(date) PARTITION OF noetl.metrics FOR VALUES FROM ('\(date)') TO ('\(next)')"
            )
        }
        #expect(try history.write(fixture.unread(history)).rows == 1)
        let old = #expect(throws: PostgresError.self) { try history.maintain(at: midnight + hour) }
        #expect(old?.kind == .permission)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.reports WHERE arrived < '2026-11-02'") == 0)
    }

    @Test("have days ahead, and days and names that are old go")
    func upkeep() async throws {
        let fixture = try HistoryFixture {
            $0.retention = .seconds(2 * 86_400)
            $0.limits.deletions = 3
        }
        for number in 0..<10 {
            _ = try await fixture.log.append(.sample(id: "r\(number)", at: midnight + Int64(number) * day / 2))
        }
        let history = try fixture.history()
        _ = try history.write(fixture.unread(history))
        try history.maintain(at: midnight + 4 * day + hour)
        let tables =
            "SELECT string_agg(right(relname, 4), ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '^metrics_2[0-9]*$'"
        #expect(try fixture.database.answer(tables) == "1128 1129 1130 1201 1202")
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.metric") == 6)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.reports") == 10)
        try history.maintain(at: midnight + 9 * day + 1)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.reports") == 5)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.metric") == 0)
    }
}
