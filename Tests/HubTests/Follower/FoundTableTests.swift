import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("A table of another program")
struct FoundTableTests {
    private static let metric = """
        metric_id BIGINT, runtime_id BIGINT, metric_name TEXT NOT NULL, metric_type TEXT, metric_value NUMERIC,
        created_at TIMESTAMPTZ
        """
    private static let runtime = "runtime_id BIGINT, kind TEXT, name TEXT"

    @Test("is refused when it lacks something, or asks for more than is known, and the sentence says what")
    func refused() throws {
        let cases: [(metric: String, runtime: String, words: String)] = [
            (
                Self.metric.replacing("metric_id BIGINT,", with: ""), Self.runtime,
                "noetl.metric cannot be used: it has no column metric_id"
            ),
            (
                Self.metric.replacing("metric_id BIGINT", with: "metric_id UUID"), Self.runtime,
                "metric_id is uuid, and not bigint"
            ),
            (
                Self.metric.replacing("created_at TIMESTAMPTZ", with: "day DATE"), Self.runtime,
                "no column timestamp or created_at"
            ),
            (Self.metric + ", tenant TEXT NOT NULL", Self.runtime, "tenant must have a value, has no default"),
            (Self.metric + ", labels TEXT", Self.runtime, "labels is text, and not json or jsonb"),
            (
                Self.metric.replacing("metric_type TEXT", with: "metric_type TEXT CHECK (metric_type <> 'summary')"),
                Self.runtime, "metric_type cannot be summary"
            ),
            (
                Self.metric, Self.runtime + ", region TEXT NOT NULL",
                "noetl.runtime cannot be used: region must have a value"
            ),
            (Self.metric, "runtime_id INT, kind TEXT, name TEXT", "runtime_id is integer, and not bigint"),
            (Self.metric, "runtime_id BIGINT, name TEXT", "it has no column kind"),
            (Self.metric, "runtime_id BIGINT, kind TEXT CHECK (kind ~ '^[0-9]$'), name TEXT", "which texts kind takes"),
            (Self.metric, "runtime_id BIGINT, kind TEXT, name VARCHAR(20)", "a name has 20 characters"),
            (Self.metric, Self.runtime + ", status TEXT CHECK (status IN ('up', 'down'))", "status cannot be ready"),
        ]
        let database = try TestDatabase()
        for (metric, runtime, words) in cases {
            try database.connect().execute(
                "DROP SCHEMA IF EXISTS noetl CASCADE; CREATE SCHEMA noetl; CREATE TABLE noetl.metric (\(metric)); CREATE TABLE noetl.runtime (\(runtime))"
            )
            let error = #expect(throws: PostgresError.self) { _ = try PostgresSchema.prepare(database.connect()) }
            #expect(error?.kind == .configuration)
            #expect(error?.message.contains(words) == true, "\(words): \(error?.message ?? "")")
            #expect(try database.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'noetl'") == 2)
        }
    }

    @Test("is used when it has what is needed, though nobody has seen one like it")
    func unseen() async throws {
        let json =
            "labels JSON NOT NULL, unit TEXT NOT NULL, tenant TEXT NOT NULL DEFAULT 'x', twice NUMERIC "
            + "GENERATED ALWAYS AS (metric_value * 2) STORED"
        let cases: [(metric: String, runtime: String?)] = [
            (Self.metric, Self.runtime),
            (Self.metric.replacing("created_at", with: "timestamp") + ", " + json, Self.runtime),
            (
                Self.metric.replacing("metric_id BIGINT", with: "metric_id BIGINT GENERATED ALWAYS AS IDENTITY"),
                "runtime_id BIGINT GENERATED ALWAYS AS IDENTITY, kind VARCHAR(20) CHECK (kind IN ('a', 'b')), name VARCHAR(64), instance TEXT"
            ),
            (Self.metric, "runtime_id BIGINT, kind TEXT, name TEXT, last_seen TIMESTAMP, labels JSON, status TEXT"),
            (Self.metric, nil),
        ]
        for (metric, runtime) in cases {
            let fixture = try HistoryFixture()
            try fixture.database.connect().execute(
                "CREATE SCHEMA noetl; CREATE TABLE noetl.metric (\(metric));"
                    + (runtime.map { "CREATE TABLE noetl.runtime (\($0))" } ?? "")
            )
            for instance in [nil, "1", "2"] {
                try await fixture.append(Component(type: "pool", name: "w", instance: instance))
            }
            let history = try fixture.history()
            let written = try history.write(fixture.unread(history))
            #expect(written.rows == 3, "\(metric) \(runtime ?? "")")
            let tables = try #require(try PostgresSchema.find(fixture.database.connect())).tables
            let answer = try fixture.database.answer(
                """
                SELECT kind, name, instance, metric_value, timestamp, metrics.created_at
                FROM \(tables.metrics.source) AS metrics JOIN \(tables.runtime.source) AS runtime USING (runtime_id)
                ORDER BY metric_id
                """
            )
            let moment = "2026-11-26 00:00:00+00"
            #expect(
                answer == ["null", "1", "2"].map { "pool|w|\($0)|1.5|\(moment)|\(moment)" }.joined(separator: "\n")
            )
        }
    }
}
