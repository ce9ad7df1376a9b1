import AsyncHTTP
import Postgres

/// How long the reports of those components are exported who say so: for other hubs, which export them, too.
enum ReportLifetimes {
    /// - Parameters:
    ///   - lifetimes: by the numbers of components' rows, in milliseconds; nil for those who do not say.
    static func note(_ lifetimes: [Int64: Int64?], _ connection: PostgresConnection) throws(PostgresError) {
        // In one order, so that two hubs do not wait for each other.
        let rows = lifetimes.sorted { $0.key < $1.key }
        let (said, silent) = (rows.filter { $0.value != nil }, rows.filter { $0.value == nil })
        if !silent.isEmpty {
            try connection.query(
                "DELETE FROM noetl.lifetimes WHERE runtime_id = ANY ($1::bigint[])",
                [ArrayText.of(silent.map(\.key))]
            )
        }
        if said.isEmpty { return }
        try connection.query(
            """
            INSERT INTO noetl.lifetimes (runtime_id, milliseconds) SELECT * FROM unnest($1::bigint[], $2::bigint[])
            ON CONFLICT (runtime_id) DO UPDATE SET milliseconds = excluded.milliseconds
            """,
            [ArrayText.of(said.map(\.key)), ArrayText.of(said.compactMap(\.value))]
        )
    }

    /// Forgets those of components of which nothing is left.
    static func maintain(_ connection: PostgresConnection) throws(PostgresError) {
        try connection.execute(
            """
            DELETE FROM noetl.lifetimes
            WHERE NOT EXISTS (SELECT FROM noetl.series WHERE series.runtime_id = lifetimes.runtime_id)
            """
        )
    }
}
