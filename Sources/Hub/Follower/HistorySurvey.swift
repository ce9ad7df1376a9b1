package import Postgres

/// What a database has of the history, for people.
package struct HistorySurvey: Sendable, Hashable {
    /// One hub, by its log.
    package struct Writer: Sendable, Hashable {
        package let log: String
        /// The last report of it that is here.
        package let sequence: Int64
        /// How long ago that report has arrived; nil when there has been none.
        package let age: Duration?
    }

    package let schema: PostgresSchema
    package let server: String
    package let database: String
    /// As the server estimates it without counting.
    package let rows: Int64
    package let bytes: Int64
    package let days: Int64
    package let components: Int64
    package let refused: Int64
    package let writers: [Writer]

    /// - Returns: nil where nothing has been made yet.
    package static func of(_ connection: PostgresConnection) throws(PostgresError) -> HistorySurvey? {
        guard let schema = try PostgresSchema.find(connection), schema.version > 0 else { return nil }
        return try HistorySurvey(schema, connection)
    }

    private init(_ schema: PostgresSchema, _ connection: PostgresConnection) throws(PostgresError) {
        self.schema = schema
        let facts = try connection.query(
            """
            SELECT current_setting('server_version'), current_database(),
                (SELECT count(*) FROM noetl.runtime), (SELECT count(*) FROM noetl.refused)
            """
        )
        server = facts.text(0, 0) ?? ""
        database = facts.text(0, 1) ?? ""
        components = facts.integer(0, 2) ?? 0
        refused = facts.integer(0, 3) ?? 0
        let tables = try connection.query(
            """
            SELECT count(inhrelid), coalesce(sum(greatest(reltuples, 0)), 0)::bigint,
                coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
            FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
            WHERE inhparent = to_regclass($1) OR pg_class.oid = to_regclass($1) AND relkind = 'r'
            """,
            [schema.tables.metrics.name]
        )
        days = tables.integer(0, 0) ?? 0
        rows = tables.integer(0, 1) ?? 0
        bytes = tables.integer(0, 2) ?? 0
        let cursors = try connection.query(
            """
            SELECT log, sequence, (extract(epoch FROM now() - arrived) * 1000)::bigint
            FROM noetl.cursors ORDER BY number
            """
        )
        writers = (0..<cursors.count).map { row in
            Writer(
                log: cursors.text(row, 0) ?? "",
                sequence: cursors.integer(row, 1) ?? 0,
                age: cursors.integer(row, 2).map { .milliseconds($0) }
            )
        }
    }
}
