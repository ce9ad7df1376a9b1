import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A database of the predecessor")
struct PredecessorTests {
    private func fixture(_ version: PredecessorDatabase) throws -> HistoryFixture {
        let fixture = try HistoryFixture()
        try version.make(in: fixture.database)
        return fixture
    }

    private func tables(_ fixture: HistoryFixture) throws -> HistoryTables {
        try #require(try PostgresSchema.find(fixture.database.connect())).tables
    }

    @Test(
        "has every report once, across a restart, and nothing of it is altered",
        arguments: PredecessorDatabase.allCases
    )
    func once(version: PredecessorDatabase) async throws {
        let fixture = try fixture(version)
        let before = try version.catalogue(fixture.database)
        try await fixture.append(0..<40) { "r\($0)" }
        try fixture.following { follower in await until { follower.status.hasWritten(40) } }
        // A client has had no answer, and sends to another hub what this one has.
        let second = try HistoryFixture(beside: fixture)
        try await second.append(30..<50) { "r\($0)" }
        try second.following { follower in await until { follower.status.hasWritten(20) } }
        try await fixture.append(50..<60)
        try fixture.following { follower in await until { follower.status.hasWritten(50) } }
        let counts = try fixture.database.answer(
            """
            SELECT count(*), count(DISTINCT (runtime_id, metric_name, metric_value)), count(DISTINCT metric_id),
                min(metric_value), max(metric_value) FROM \(version.table) WHERE metric_name <> 'old'
            """
        )
        #expect(counts == HistoryFixture.complete(60))
        #expect(try version.catalogue(fixture.database) == before)
        let old = "SELECT count(*) FROM \(version.table) WHERE metric_id = 276000000000000000"
        #expect(try fixture.database.number(old) == (version == .componentsOnly ? 0 : 1))
        let schema = try PostgresSchema.find(fixture.database.connect())
        #expect(schema?.tables.isOwn == false)
        #expect(schema?.version == PostgresSchema.latest)
    }

    @Test(
        "is read through one source, whatever columns it has, and rows are numbered where nobody else does",
        arguments: PredecessorDatabase.allCases
    )
    func source(version: PredecessorDatabase) async throws {
        let fixture = try fixture(version)
        let metric = ReportedMetric(
            name: "cpu",
            kind: .counter,
            value: 45.5,
            time: midnight - 1,
            labels: [ReportedLabel(name: "a", value: "\\\"")],
            help: "h",
            unit: "u"
        )
        let component = Component(type: "pool", name: "w0", instance: "1")
        _ = try await fixture.log.append(Report(component: component, metrics: [metric], arrived: midnight + 1))
        let history = try fixture.history()
        #expect(try history.write(fixture.unread(history)).rows == 1)
        let tables = try tables(fixture)
        let answer = try fixture.database.answer(
            """
            SELECT kind, name, instance, status, identifier, metric_name, metric_type, metric_value, metrics.labels ->> 'a',
                help_text, unit, timestamp, metrics.created_at, metric_id
            FROM \(tables.metrics.source) AS metrics JOIN \(tables.runtime.source) AS runtime USING (runtime_id)
            WHERE metric_name <> 'old'
            """
        )
        let number: Int64 = (version == .componentsOnly ? 0 : .min) + 1 << 48 + 1
        let arrival = version.hasTimestamp ? "2026-11-26 00:00:00.001+00" : "2026-11-25 23:59:59.999+00"
        #expect(
            answer == """
                pool|w0|1|ready|\(component.runtimeID)|cpu|counter|45.5|\\"|h|u|2026-11-25 23:59:59.999+00|\(arrival)|\(number)
                """
        )
    }

    @Test("is prepared, surveyed, and shared among hubs as any other", arguments: PredecessorDatabase.allCases)
    func shared(version: PredecessorDatabase) async throws {
        let fixture = try fixture(version)
        let second = try HistoryFixture(beside: fixture)
        let shared = try SharedReports(second.database.configuration(), besides: second.log.identity) { _ in }
        // Nobody has made anything yet: there is nothing to be read.
        #expect(try !shared.read(at: midnight, ttl: midnight) { _ in })
        #expect(try HistorySurvey.of(fixture.database.connect()) == nil)
        let before = try version.catalogue(fixture.database)
        for _ in 0..<2 {
            _ = try PostgresHistory.prepare(fixture.database.connect(), FollowerLimits(), at: midnight)
            #expect(try version.catalogue(fixture.database) == before)
        }
        try await fixture.append(Component(type: "pool", name: "w0", instance: "1"), "x")
        try await second.append(worker: "w0")
        for fixture in [fixture, second] {
            let history = try fixture.history()
            _ = try history.write(fixture.unread(history))
        }
        var reports: [Report] = []
        for _ in 0..<2 { _ = try shared.read(at: midnight, ttl: midnight) { reports.append($0) } }
        #expect(reports.map(\.component) == [Component(type: "pool", name: "w0", instance: "1")])
        #expect(reports.flatMap(\.metrics).map(\.name) == ["x"])
        let survey = try #require(try HistorySurvey.of(fixture.database.connect()))
        #expect(survey.days == [.daily: 3, .componentsOnly: 3][version] ?? 0)
        #expect(survey.bytes > 0)
        #expect(survey.writers.map(\.sequence) == [1, 1])
    }

    // MARK: Components

    @Test("keeps the numbers of its components, and gives no two components one row")
    func components() async throws {
        let fixture = try fixture(.daily)
        let components = [
            Component(type: "worker_pool", name: "w0"), Component(type: "server_api", name: "w0"),
            Component(type: "worker_pool", name: "w0", instance: "1"), Component(type: "worker_pool", name: "w0/1"),
            Component(type: "pool", name: "w0"), Component(type: "other", name: "w0", instance: "1"),
            Component(type: "worker_pool", name: "w0 (pool)"),
        ]
        let history = try fixture.history()
        for component in components {
            try await fixture.append(component)
            // One at a time: each finds the rows of those before it.
            _ = try history.write(fixture.unread(history))
        }
        let rows = try fixture.database.answer(
            "SELECT kind, name, labels FROM noetl.runtime ORDER BY created_at, name COLLATE \"C\""
        )
        let hashed = [components[3], components[6]].map { "~" + String($0.runtimeID, radix: 16) }
        #expect(
            Set(rows.split(separator: "\n").map(String.init)) == [
                "worker_pool|w0|{\"zone\": \"b\"}", "server_api|w0|null",
                "worker_pool|w0/1|{\"instance\": \"1\", \"component\": \"w0\", \"component_type\": \"worker_pool\"}",
                "worker_pool|w0/1\(hashed[0])|null",
                "worker_pool|w0 (pool)|{\"component\": \"w0\", \"component_type\": \"pool\"}",
                "worker_pool|w0/1 (other)|{\"instance\": \"1\", \"component\": \"w0\", \"component_type\": \"other\"}",
                "worker_pool|w0 (pool)\(hashed[1])|null",
            ]
        )
        #expect(
            try fixture.database.number("SELECT count(DISTINCT runtime_id) FROM noetl.metric WHERE metric_name = 'm'")
                == 7
        )
        // What was there is what it was, and seen again.
        let seen =
            "SELECT status, heartbeat > to_timestamp(\(midnight) / 1000.0) - INTERVAL '1 s' FROM noetl.runtime WHERE runtime_id = 77"
        #expect(try fixture.database.answer(seen) == "ready|t")
        let samples = "SELECT count(*) FROM noetl.metric WHERE runtime_id = 77"
        #expect(try fixture.database.number(samples) == 2)
    }

    @Test("gives components the same rows when all is begun anew, and rows other numbers than those that were left")
    func anew() async throws {
        let fixture = try fixture(.daily)
        try await fixture.append(0..<9)
        try await fixture.append(worker: "w0")
        for round in 1...3 {
            let history = try fixture.history()
            #expect(try history.write(fixture.unread(history)).refused == 0)
            #expect(try fixture.database.number("SELECT count(*) FROM noetl.runtime") == 4)
            #expect(try fixture.database.number("SELECT count(*) FROM noetl.metric WHERE metric_id < 0") == round * 19)
            try fixture.database.connect().execute(
                "DROP TABLE noetl.hub_schema, noetl.components, noetl.cursors, noetl.reports, noetl.lifetimes, noetl.series, noetl.refused"
            )
        }
    }

    @Test("has a component again that was deleted there, or has come back by another number")
    func deleted() async throws {
        for version in PredecessorDatabase.allCases {
            let fixture = try fixture(version)
            let history = try fixture.history()
            let worker = Component(type: "worker_pool", name: "w0")
            let kind = version == .plain ? "component_type" : "kind"
            let ways = [
                "SELECT", "DELETE FROM noetl.runtime",
                "DELETE FROM noetl.runtime; INSERT INTO noetl.runtime (runtime_id, \(kind), name, status) VALUES (78, 'worker_pool', 'w0', 'x')",
            ]
            for (number, way) in ways.enumerated() {
                if version == .documented { try fixture.database.connect().execute("DELETE FROM noetl.metrics") }
                try fixture.database.connect().execute(way)
                // Late enough to be seen again.
                let moment = midnight + Int64(number) * 120_000
                try await fixture.append(worker, "n\(number)", at: moment)
                #expect(try history.write(fixture.unread(history)).refused == 0)
                let found = try fixture.database.answer(
                    """
                    SELECT runtime_id FROM \(version.table) JOIN noetl.runtime USING (runtime_id)
                    WHERE metric_name = 'n\(number)' AND name = 'w0'
                    """
                )
                #expect(found == (number == 2 ? "78" : "77"), "\(version) \(way)")
            }
        }
    }

    @Test("finds a row that the predecessor is just making", arguments: [false, true])
    func atOnce(givesUp: Bool) async throws {
        let fixture = try fixture(.daily)
        try await fixture.append(worker: "w1")
        let history = try fixture.history()
        let other = try fixture.database.connect()
        try other.execute(
            "BEGIN; INSERT INTO noetl.runtime (runtime_id, kind, name, status) VALUES (78, 'worker_pool', 'w1', 'ready')"
        )
        let reports = try fixture.unread(history)
        let end = try Ending(other, givesUp ? "ROLLBACK" : "COMMIT", whenSomebodyWaitsIn: fixture.database)
        #expect(try history.write(reports).rows == 1)
        end.join()
        let number = givesUp ? Component(type: "worker_pool", name: "w1").runtimeID : 78
        #expect(
            try fixture.database.answer("SELECT runtime_id, name FROM noetl.runtime WHERE name <> 'w0'")
                == "\(number)|w1"
        )
    }

    @Test("is as it was before when what the hub has made is taken away")
    func back() async throws {
        let fixture = try fixture(.plain)
        let tables =
            "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'noetl'::regnamespace"
        let rows = "SELECT runtime_id, name, labels, (SELECT count(*) FROM noetl.metric) FROM noetl.runtime"
        let before = try [tables, rows].map(fixture.database.answer)
        try await fixture.append(0..<9)
        try await fixture.append(worker: "w0")
        let history = try fixture.history()
        _ = try history.write(fixture.unread(history))
        #expect(try [tables, rows].map(fixture.database.answer) != before)
        try fixture.database.connect().execute(
            """
            DELETE FROM noetl.metric WHERE metric_id < 0;
            DELETE FROM noetl.runtime WHERE runtime_id IN (SELECT identifier FROM noetl.components);
            DROP TABLE noetl.hub_schema, noetl.components, noetl.cursors, noetl.reports, noetl.lifetimes, noetl.series, noetl.refused;
            """
        )
        #expect(try [tables, rows].map(fixture.database.answer) == before)
    }

    @Test("has no text in a name that does not fit")
    func length() async throws {
        let fixture = try fixture(.documented)
        try fixture.database.connect().execute("ALTER TABLE noetl.runtime ALTER name TYPE VARCHAR(40)")
        let history = try fixture.history()
        for end in ["a", "b"] {
            try await fixture.append(worker: String(repeating: "\u{e4}", count: 60) + end)
        }
        #expect(try history.write(fixture.unread(history)).rows == 2)
        #expect(try fixture.database.number("SELECT count(DISTINCT runtime_id) FROM noetl.metrics") == 3)
    }

    @Test("takes a row that it refuses into ours, and all others")
    func refused() async throws {
        let fixture = try fixture(.documented)
        try fixture.database.connect().execute(
            "ALTER TABLE noetl.metrics ADD CONSTRAINT lucky CHECK (metric_value NOT IN (13, 40))"
        )
        try await fixture.append(0..<50)
        let history = try fixture.history()
        let written = try history.write(fixture.unread(history))
        #expect(written.refused == 2)
        #expect(written.rows == 98)
        #expect(try fixture.database.number("SELECT count(*) FROM noetl.refused") == 2)
    }
}

extension HistoryFixture {
    /// Appends a report of one sample, taken so long before it arrived.
    func append(
        worker name: String,
        instance: String? = nil,
        at moment: Int64 = midnight,
        before: Int64 = 0
    ) async throws {
        try await append(Component(type: "worker_pool", name: name, instance: instance), at: moment, before: before)
    }

    func append(
        _ component: Component,
        _ name: String = "m",
        at moment: Int64 = midnight,
        before: Int64 = 0
    ) async throws {
        let metric = ReportedMetric(name: name, kind: .gauge, value: 1.5, time: moment - before)
        _ = try await log.append(Report(component: component, metrics: [metric], arrived: moment))
    }
}
