import AsyncHTTP
import Postgres

/// Which metrics a component has, for whoever looks for its rows: noted when they are written for the first time, and again after each
/// upkeep.
struct SeriesDirectory {
    private struct Series: Hashable {
        let runtime: Int64
        let name: String
    }

    private let precision: Int64
    private let retention: Int64?
    private var met: [Series: Int64] = [:]

    init(_ limits: FollowerLimits, retention: Duration?) {
        precision = limits.upkeep.clampedMilliseconds
        self.retention = retention.map { $0.clampedMilliseconds }
    }

    /// To be written with the rows of this transaction.
    mutating func meet(_ name: String, of runtime: Int64, at arrived: Int64) {
        met[Series(runtime: runtime, name: name), default: .min] = max(
            met[Series(runtime: runtime, name: name)] ?? .min,
            arrived
        )
    }

    mutating func write(_ connection: PostgresConnection) throws(PostgresError) {
        if met.isEmpty { return }
        // In one order, so that two hubs do not wait for each other.
        let rows = met.sorted { ($0.key.runtime, $0.key.name) < ($1.key.runtime, $1.key.name) }
        try connection.query(
            """
            INSERT INTO noetl.series AS known (runtime_id, metric_name, seen)
            SELECT new.runtime, new.name, to_timestamp(new.seen / 1000.0)
            FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS new (runtime, name, seen)
            ON CONFLICT (runtime_id, metric_name) DO UPDATE SET seen = excluded.seen
            WHERE known.seen < excluded.seen - $4::bigint * interval '1 millisecond'
            """,
            [
                ArrayText.of(rows.map(\.key.runtime)), ArrayText.of(rows.map(\.key.name)),
                ArrayText.of(rows.map(\.value)), "\(precision / 2)",
            ]
        )
        met.removeAll()
    }

    mutating func forget() {
        met.removeAll()
    }

    /// Forgets those whose rows have gone.
    func maintain(at moment: Int64, _ connection: PostgresConnection) throws(PostgresError) {
        // In a database that was made from a copy of another, transactions have begun anew.
        try connection.execute(
            """
            UPDATE noetl.series SET added = pg_current_xact_id()
            WHERE added > pg_snapshot_xmax(pg_current_snapshot())
            """
        )
        guard let retention else { return }
        try connection.query(
            "DELETE FROM noetl.series WHERE seen < to_timestamp($1::bigint / 1000.0)",
            ["\(moment &- retention &- 2 &* Self.day)"]
        )
    }

    /// A table of a day goes when its last row is old enough, and `seen` is not exact.
    private static let day: Int64 = 86_400_000
}
