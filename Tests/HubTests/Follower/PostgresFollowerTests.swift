import AsyncHTTP
import Glibc
import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A follower of the log, with a server", .timeLimit(.minutes(2)))
struct PostgresFollowerTests {
    @Test("writes what comes, in parts, and tells the log")
    func follows() async throws {
        let fixture = try HistoryFixture {
            $0.limits.reports = 7
            $0.limits.rows = 6
        }
        try await fixture.append(0..<50)
        try fixture.following { follower in
            await until { follower.status.hasWritten(50) }
            try await fixture.append(50..<60)
            await until { follower.status.hasWritten(60) && follower.status.unread == 0 }
            let status = follower.status
            #expect(status.isConnected && status.failure == nil)
            #expect(status.written.rows == 120)
            #expect(status.lag(at: midnight + 1_000_000) == .zero)
            await until { (try? fixture.log.reader().cursors()) == ["postgres": 60] }
        }
        #expect(try fixture.written() == HistoryFixture.complete(60))
    }

    @Test("has each report once when its server processes are ended again and again, in the middle of the rows")
    func terminated() async throws {
        let fixture = try HistoryFixture { $0.limits.rows = 20 }
        _ = try fixture.history()
        try fixture.database.connect().execute(
            """
            CREATE SEQUENCE deaths;
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF nextval('deaths') % 37 = 0 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
            CREATE TRIGGER die BEFORE INSERT ON noetl.metrics FOR EACH ROW EXECUTE FUNCTION die()
            """
        )
        try fixture.following { follower in
            try await fixture.append(0..<200)
            await until { follower.status.hasWritten(200) }
        }
        #expect(try fixture.database.number("SELECT last_value / 37 FROM deaths") > 3)
        #expect(try fixture.written() == HistoryFixture.complete(200))
    }

    @Test("waits while the server is down, knows how far behind it is, and catches up")
    func stopped() async throws {
        let server = try TestPostgres()
        let fixture = try HistoryFixture(.success(server))
        try fixture.following { follower in
            try await fixture.append(0..<10)
            await until { follower.status.hasWritten(10) }
            try server.stop()
            try await fixture.append(10..<30)
            await until { follower.status.failure != nil && follower.status.unread == 20 }
            let status = follower.status
            #expect(!status.isConnected)
            #expect(status.cursor == 10)
            #expect(status.lag(at: midnight + 5010) == .seconds(5))
            // What it has not read is not dropped.
            #expect(try fixture.log.reader().cursors() == ["postgres": 10])
            try server.resume()
            await until { follower.status.hasWritten(30) }
            #expect(follower.status.failure == nil)
        }
        #expect(try fixture.written() == HistoryFixture.complete(30))
    }

    @Test("breaks off what hangs at its deadline, and has each report once when the server goes on")
    func hanging() async throws {
        let fixture = try HistoryFixture {
            $0.deadline = .milliseconds(300)
            $0.database.applicationName = "hanging"
            $0.database.limits.lock = .milliseconds(100)
        }
        try fixture.following { follower in
            try await fixture.append(0..<10)
            await until { follower.status.hasWritten(10) }
            let process = try fixture.database.number(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'hanging'"
            )
            // To stop process -1 is to stop all that there are.
            try #require(process > 1)
            kill(pid_t(process), SIGSTOP)
            try await fixture.append(10..<30)
            await until { follower.status.failure?.contains("broken off") == true }
            kill(pid_t(process), SIGCONT)
            await until { follower.status.hasWritten(30) }
        }
        #expect(try fixture.written() == HistoryFixture.complete(30))
    }

    @Test("says so when an older copy of the log has been put back")
    func putBack() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<5)
        _ = try fixture.history()
        try fixture.database.connect().execute("UPDATE noetl.cursors SET sequence = 9")
        try fixture.following { follower in
            await until { follower.status.failure?.contains("an older copy has been put back") == true }
        }
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.metrics") == 0)
    }
}
