import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("Room in a table of another program")
struct FoundRoomTests {
    private static let partitions =
        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        + "WHERE inhparent = 'noetl.metric'::regclass"

    private func fixture(_ change: String = "SELECT") throws -> HistoryFixture {
        let fixture = try HistoryFixture { $0.limits.deletions = 3 }
        try PredecessorDatabase.daily.make(in: fixture.database)
        try fixture.database.connect().execute(change)
        return fixture
    }

    @Test("is made by day where there is none, by the predecessor's names, for times that are not too old")
    func days() async throws {
        let fixture = try fixture()
        for before in [0, 3 * day, 7 * day, 800 * day, midnight + day + 62_135_596_800_000] {
            try await fixture.append(worker: "w0", at: midnight + day, before: before)
        }
        let history = try fixture.history()
        let written = try history.write(fixture.unread(history))
        #expect(written.rows == 3)
        #expect(written.refused == 2)
        let days = "metric_2026_11_20 metric_2026_11_24 metric_2026_11_26 metric_2026_11_27"
        #expect(try fixture.database.answer(Self.partitions) == days)
        #expect(
            try fixture.database.answer("SELECT DISTINCT reason FROM noetl.refused")
                == "no partition is made for so old a time"
        )
        try history.maintain(at: midnight + 4 * day)
        #expect(
            try fixture.database.answer(Self.partitions)
                == "\(days) metric_2026_11_30 metric_2026_12_01 metric_2026_12_02"
        )
    }

    @Test(
        "is what others have made of it, whatever their ranges are",
        arguments: [
            ("CREATE TABLE noetl.rest PARTITION OF noetl.metric DEFAULT", 4),
            ("DROP TABLE noetl.metric_2026_11_26; CREATE TABLE noetl.rest PARTITION OF noetl.metric DEFAULT", 4),
            ("CREATE TABLE noetl.rest PARTITION OF noetl.metric FOR VALUES FROM ('2024-01-01') TO ('2026-11-26')", 3),
            (
                "CREATE TABLE noetl.rest PARTITION OF noetl.metric FOR VALUES FROM ('2026-11-24 11:00') TO ('2026-11-26')",
                2
            ),
            (
                "CREATE TABLE noetl.rest PARTITION OF noetl.metric FOR VALUES FROM ('2026-11-25 11:00') TO ('2026-11-25 12:00')",
                1
            ),
        ]
    )
    func others(change: String, rows: Int) async throws {
        let fixture = try fixture(change)
        let before = try fixture.database.answer(Self.partitions)
        // Yesterday at ten, today, 2024 and 2023.
        try await fixture.append(worker: "w0", at: midnight, before: 14 * hour)
        try await fixture.append(worker: "w0", at: midnight)
        try await fixture.append(worker: "w0", at: midnight, before: 400 * day)
        try await fixture.append(worker: "w0", at: midnight, before: 1100 * day)
        let history = try fixture.history()
        let written = try history.write(fixture.unread(history))
        #expect(written.rows == Int64(rows), "\(change)")
        #expect(written.refused == Int64(4 - rows))
        #expect(try fixture.database.answer(Self.partitions) == before)
    }

    @Test(
        "is given back after the retention: rows of hubs, and days in which nobody else has any",
        arguments: [false, true]
    )
    func retention(isDaily: Bool) async throws {
        let fixture = try HistoryFixture {
            $0.limits.deletions = 3
            $0.retention = .seconds(2 * 86_400)
        }
        let version: PredecessorDatabase = isDaily ? .daily : .documented
        try version.make(in: fixture.database)
        // As for a user whose name is the schema's.
        try fixture.database.connect().execute(
            "ALTER DATABASE \(fixture.database.name) SET search_path = noetl, public"
        )
        let second = try HistoryFixture(beside: fixture)
        for number in 0..<10 {
            for fixture in [fixture, second] {
                try await fixture.append(worker: "w0", at: midnight + Int64(number) * day / 2)
            }
        }
        let (history, other) = (try fixture.history(), try second.history())
        _ = try history.write(fixture.unread(history))
        _ = try other.write(second.unread(other))
        // Somebody else uses a day that was made here.
        let columns = version.hasTimestamp ? "created_at, timestamp" : "created_at"
        let time = "'2026-11-27 12:00'" + (version.hasTimestamp ? ", '2026-11-27 12:00'" : "")
        try fixture.database.connect().execute(
            "INSERT INTO \(version.table) (metric_id, runtime_id, metric_name, metric_type, metric_value, \(columns)) "
                + "VALUES (5, 77, 'theirs', 'gauge', 1, \(time))"
        )
        try history.maintain(at: midnight + 5 * day + hour)
        let left =
            "SELECT string_agg(metric_name || n, ' ' ORDER BY metric_name) FROM "
            + "(SELECT metric_name, count(*) AS n FROM \(version.table) GROUP BY metric_name) AS counts"
        #expect(try fixture.database.answer(left) == "m8 old1 theirs1")
        guard isDaily else { return }
        let days = "metric_2026_11_26 metric_2026_11_27 metric_2026_11_29 metric_2026_11_30"
        #expect(try fixture.database.answer(Self.partitions).hasPrefix(days))
    }
}
