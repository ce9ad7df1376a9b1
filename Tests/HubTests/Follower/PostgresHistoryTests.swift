import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("The history in PostgreSQL")
struct PostgresHistoryTests {
    @Test("has the rows of a report as they were reported")
    func rows() async throws {
        let fixture = try HistoryFixture()
        let metric = ReportedMetric(
            name: "cpu",
            kind: .counter,
            value: 45.2,
            time: midnight - 1,
            labels: [ReportedLabel(name: "a\u{e9}", value: "\\\"\t\n{}"), ReportedLabel(name: "b", value: "")],
            help: "per\tcent\\",
            unit: "percent"
        )
        let odd = ReportedMetric(name: "odd", kind: .gauge, value: -.infinity, time: -62_135_596_800_000)
        let component = Component(type: "pool", name: "w", instance: "1")
        _ = try await fixture.log.append(Report(component: component, metrics: [metric, odd], arrived: midnight + 1))
        let history = try fixture.history()
        let written = try history.write(fixture.unread(history))
        #expect(written.rows == 2)
        #expect(written.reports == 1)
        let answer = try fixture.database.answer(
            """
            SELECT kind, name, instance, status, metric_name, metric_type, metric_value, metrics.labels ->> 'a\u{e9}',
                metrics.labels ->> 'b', help_text, unit, timestamp, metrics.created_at, runtime_id
            FROM noetl.metric AS metrics JOIN noetl.runtime USING (runtime_id) ORDER BY metric_id
            """
        )
        let identifier = component.runtimeID
        #expect(
            answer == """
                pool|w|1|ready|cpu|counter|45.2|\\\"\t\n{}||per\tcent\\|percent|2026-11-25 23:59:59.999+00|\
                2026-11-26 00:00:00.001+00|\(identifier)
                pool|w|1|ready|odd|gauge|-Infinity|null|null|null|null|0001-01-01 00:00:00+00|\
                2026-11-26 00:00:00.001+00|\(identifier)
                """
        )
        let hourly = "SELECT component_name, samples, least, last FROM noetl.metric_hourly WHERE metric_name = 'cpu'"
        #expect(try fixture.database.answer(hourly) == "w|1|45.2|45.2")
    }

    @Test("knows itself how far it has come, also when the log does not")
    func cursor() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<10)
        let history = try fixture.history()
        _ = try history.write(Array(fixture.unread(history).prefix(7)))
        // Nobody has told the log: the process was killed.
        let next = try fixture.history()
        #expect(next.cursor == 7)
        let written = try next.write(fixture.unread(next))
        #expect(written.reports == 3)
        #expect(try fixture.written() == HistoryFixture.complete(10))
    }

    @Test("has nothing of a transaction whose server process is ended in the middle of the rows")
    func terminated() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<100)
        let history = try fixture.history()
        let outsider = try fixture.database.connect()
        try outsider.execute(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE TRIGGER die BEFORE INSERT ON noetl.metrics FOR EACH ROW WHEN (NEW.metric_value = 50)
            EXECUTE FUNCTION die()
            """
        )
        let error = try #require(
            #expect(throws: PostgresError.self) { _ = try history.write(fixture.unread(history)) }
        )
        #expect(error.kind == .connection)
        try outsider.execute("DROP TRIGGER die ON noetl.metrics")
        let next = try fixture.history()
        #expect(next.cursor == 0)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.metrics") == 0)
        _ = try next.write(fixture.unread(next))
        #expect(try fixture.written() == HistoryFixture.complete(100))
    }

    @Test("is told that its connection has ended, with nothing to write")
    func ended() async throws {
        let fixture = try HistoryFixture()
        let history = try fixture.history()
        try history.check()
        try fixture.database.connect().execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        // What the server says as it goes may come first.
        let error = #expect(throws: PostgresError.self) { for _ in 0..<3 { try history.check() } }
        #expect(error?.kind == .connection)
    }

    @Test("is not written twice while a server still works for a connection that is gone")
    func unknownEnd() async throws {
        let fixture = try HistoryFixture { $0.database.limits.lock = .milliseconds(50) }
        try await fixture.append(0..<4)
        let history = try fixture.history()
        let gone = try fixture.database.connect()
        try gone.execute("BEGIN; UPDATE noetl.cursors SET sequence = 4")
        let waiting = #expect(throws: PostgresError.self) { _ = try history.write(fixture.unread(history)) }
        #expect(waiting?.kind == .conflict)
        try gone.execute("COMMIT")
        let late = #expect(throws: PostgresError.self) { _ = try history.write(fixture.unread(history)) }
        #expect(late?.kind == .conflict)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.metrics") == 0)
        #expect(try fixture.history().cursor == 4)
    }

    @Test("sets aside what is refused, finds it by halving, and has all else")
    func refused() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<500)
        let history = try fixture.history()
        try fixture.database.connect().execute(
            "ALTER TABLE noetl.metrics ADD CONSTRAINT lucky CHECK (metric_value NOT IN (13, 400, -499))"
        )
        let written = try history.write(fixture.unread(history))
        #expect(written.refused == 3)
        #expect(written.rows == 997)
        #expect(try fixture.written() == "997|997|997|-498|499")
        let refused =
            "SELECT sequence, place, state, reason, split_part(row, E'\\t', 8) FROM noetl.refused ORDER BY 1, 2"
        let reason = "23514|new row for relation \"metrics_20261126\" violates check constraint \"lucky\""
        #expect(
            try fixture.database.answer(refused) == "14|0|\(reason)|13\n401|0|\(reason)|400\n500|1|\(reason)|-499"
        )
        #expect(try fixture.history().cursor == 500)
    }

    @Test("goes on when somebody has dropped a day, or deleted the components")
    func takenAway() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<10)
        let history = try fixture.history()
        _ = try history.write(fixture.unread(history))
        for change in ["DROP TABLE noetl.metrics_20261126", "DELETE FROM noetl.metrics; DELETE FROM noetl.runtime"] {
            try fixture.database.connect().execute(change)
            try await fixture.append(10..<20)
            let written = try history.write(fixture.unread(history))
            #expect(written.refused == 0)
            #expect(try fixture.database.number("SELECT count(*) FROM noetl.metrics") == 20)
        }
    }

    @Test("notes when a component was last seen, not with every report")
    func lastSeen() async throws {
        let fixture = try HistoryFixture { $0.limits.lastSeen = .seconds(60) }
        let history = try fixture.history()
        let question = "SELECT (extract(epoch FROM last_seen) * 1000)::bigint - \(midnight) FROM noetl.runtime"
        for (moment, seen) in [(0, 0), (59_999, 0), (60_000, 60_000)] as [(Int64, Int)] {
            _ = try await fixture.log.append(.sample(at: midnight + moment))
            _ = try history.write(fixture.unread(history))
            #expect(try fixture.database.number(question) == seen)
        }
    }
}

@Suite("A report that has been sent to two hubs")
struct ReportIdentitiesTests {
    @Test(
        "is in the table once, whichever hub is first, and reports without a name are no such",
        arguments: [false, true]
    )
    func twoHubs(isTurned: Bool) async throws {
        let first = try HistoryFixture()
        let second = try HistoryFixture(beside: first)
        try await first.append(0..<60) { $0 % 3 == 0 ? nil : "r\($0)" }
        // Half of them again, and others.
        try await second.append(30..<90) { $0 % 3 == 0 ? nil : "r\($0)" }
        let (one, other) = (try first.history(), try second.history())
        let writes = [
            { try one.write(first.unread(one)) }, { try other.write(second.unread(other)) },
        ]
        let written = try (isTurned ? writes.reversed() : writes).map { try $0() }
        #expect(written.map(\.duplicates) == [0, 20])
        #expect(written.map(\.reports) == [60, 40])
        let twice = "SELECT count(*) FROM noetl.metrics WHERE metric_name = 'm' AND metric_value::int % 3 <> 0"
        #expect(try first.database.number(twice) == 60)
        #expect(try first.database.number("SELECT count(*) FROM noetl.metrics") == 200)
        #expect(try first.database.number("SELECT count(DISTINCT metric_id) FROM noetl.metrics") == 200)
    }

    @Test("waits for the other hub, and is written when that one gives up", arguments: [false, true])
    func atOnce(givesUp: Bool) async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(1..<2) { _ in "r" }
        let history = try fixture.history()
        let other = try fixture.database.connect()
        try other.execute("BEGIN")
        let runtime = Component(type: "pool", name: "w1").runtimeID
        try other.execute(
            """
            INSERT INTO noetl.reports VALUES
            (\(runtime), 'r', gen_random_uuid(), 1, to_timestamp(\(midnight) / 1000.0))
            """
        )
        let reports = try fixture.unread(history)
        let end = try Ending(other, givesUp ? "ROLLBACK" : "COMMIT", whenSomebodyWaitsIn: fixture.database)
        let written = try history.write(reports)
        end.join()
        #expect(written.duplicates == (givesUp ? 0 : 1))
        #expect(written.rows == (givesUp ? 2 : 0))
    }

    @Test("of another component, or a day later, is another report")
    func others() async throws {
        let fixture = try HistoryFixture()
        for (name, moment) in [("a", 0), ("b", 0), ("a", day + 1), ("a", 2 * day + 2)] as [(String, Int64)] {
            _ = try await fixture.log.append(.sample(of: name, id: "r", at: midnight + moment))
        }
        // And in another log.
        let second = try HistoryFixture(beside: fixture)
        _ = try await second.log.append(.sample(of: "a", id: "r", at: midnight + 2 * day + 3))
        _ = try await second.log.append(.sample(of: "a", id: "s", at: midnight + 2 * day + 4))
        let history = try fixture.history()
        var (written, reports) = (WrittenHistory(), try fixture.unread(history))
        while !reports.isEmpty {
            written += try history.write(ReportIdentities.beginning(of: reports, rows: 1000))
            reports = try fixture.unread(history)
        }
        #expect(written.reports == 4)
        #expect(written.duplicates == 0)
        let other = try second.history()
        let late = try other.write(second.unread(other))
        #expect(late.duplicates == 1)
        #expect(late.reports == 1)
    }

    @Test("is the end of a batch, and so are many rows")
    func batches() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<8)
        let reports = try fixture.log.reader().samples(after: 0, limit: 100)
        let counts = [1: 1, 2: 1, 3: 2, 16: 8, 100: 8].map { (rows: $0.key, reports: $0.value) }
        for (rows, expected) in counts {
            #expect(ReportIdentities.beginning(of: reports, rows: rows).count == expected, "\(rows)")
        }
        #expect(ReportIdentities.beginning(of: [], rows: 1).isEmpty)
    }

    @Test("is not written by a copy of the log that has gone on by itself, nor by an older one")
    func copies() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<10)
        try fixture.following { follower in await until { follower.status.hasWritten(10) } }
        // Another log with the same name in the database: what a copy is.
        try fixture.database.connect().execute("UPDATE noetl.cursors SET arrived = arrived + interval '1 ms'")
        try await fixture.append(10..<20)
        try fixture.following { follower in
            await until { follower.status.failures > 1 }
            #expect(follower.status.failure?.contains("a copy of this log is in use") == true)
        }
        #expect(try fixture.written() == HistoryFixture.complete(10))
    }

    @Test("waits for a day that somebody has detached, and says which")
    func detached() async throws {
        let fixture = try HistoryFixture()
        try await fixture.append(0..<1)
        try fixture.following { follower in await until { follower.status.hasWritten(1) } }
        let connection = try fixture.database.connect()
        try connection.execute("ALTER TABLE noetl.metrics DETACH PARTITION noetl.metrics_20261126")
        try await fixture.append(1..<3)
        try fixture.following { follower in
            await until { follower.status.failures > 1 }
            #expect(follower.status.failure?.contains("noetl.metrics_20261126 is a table, but no part") == true)
        }
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.refused") == 0)
        try connection.execute(
            """
            ALTER TABLE noetl.metrics ATTACH PARTITION noetl.metrics_20261126
            FOR VALUES FROM ('2026-11-26 00:00:00+00') TO ('2026-11-27 00:00:00+00')
            """
        )
        try fixture.following { follower in await until { follower.status.hasWritten(3) } }
        #expect(try fixture.written() == HistoryFixture.complete(3))
    }

    @Test("is not dropped by a hub whose clock is ahead of the server's")
    func clocks() async throws {
        let fixture = try HistoryFixture { configuration in
            configuration.retention = .seconds(86_400)
            configuration.limits.serverClock = "to_timestamp(\(midnight / 1000))"
        }
        try await fixture.append(0..<1)
        let history = try fixture.history()
        _ = try history.write(fixture.unread(history))
        try history.maintain(at: midnight + 60 * day)
        #expect(try fixture.written() == HistoryFixture.complete(1))
    }
}
