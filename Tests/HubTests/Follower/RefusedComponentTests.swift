import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A database of the predecessor that refuses components")
struct RefusedComponentTests {
    private func fixture() throws -> HistoryFixture {
        let fixture = try HistoryFixture()
        try PredecessorDatabase.plain.make(in: fixture.database)
        return fixture
    }

    @Test("takes all components but those that its own rules refuse, and sets the samples of these aside")
    func refusedComponents() async throws {
        let fixture = try fixture()
        try fixture.database.connect().execute(
            """
            CREATE FUNCTION noetl.check_name() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.name LIKE 'bad%' THEN RAISE EXCEPTION 'no %', NEW.name; END IF; RETURN NEW; END $$;
            CREATE TRIGGER names BEFORE INSERT OR UPDATE ON noetl.runtime FOR EACH ROW EXECUTE FUNCTION noetl.check_name()
            """
        )
        for name in ["good1", "bad1", "good2"] { _ = try await fixture.log.append(.sample(of: name)) }
        try fixture.following { follower in
            await until { follower.status.hasWritten(3) }
            #expect(follower.status.written.rows == 2 && follower.status.written.refused == 1)
        }
        #expect(try fixture.database.answer("SELECT reason FROM noetl.refused") == "no bad1 (pool)")
    }

    @Test("writes what has been refused under its own number as soon as it is taken")
    func takenLater() async throws {
        let fixture = try fixture()
        let connection = try fixture.database.connect()
        try connection.execute(
            "ALTER TABLE noetl.runtime ADD CONSTRAINT no CHECK (name <> 'w0' OR status <> 'ready') NOT VALID"
        )
        let history = try fixture.history()
        let worker = Component(type: "worker_pool", name: "w0")
        try await fixture.append(worker, "a")
        #expect(try history.write(fixture.unread(history)).refused == 1)
        try connection.execute("ALTER TABLE noetl.runtime DROP CONSTRAINT no")
        try await fixture.append(worker, "a")
        #expect(try history.write(fixture.unread(history)).rows == 1)
        #expect(try fixture.database.answer("SELECT runtime_id FROM noetl.metric WHERE metric_name = 'a'") == "77")
    }
}
