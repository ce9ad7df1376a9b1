extension PostgresSchema {
    /// What queries need: who has reported what, and all rows by their times.
    ///
    /// A row of `series` is found by the transaction that has added it: what is new since the last look is read, and nothing is missed
    /// of transactions that end in another order than they began.
    static func queries(in table: MetricsTable) -> String {
        series + (table.isOurs ? index : filling(of: table))
    }

    private static let series = """
        CREATE TABLE noetl.series (
            runtime_id BIGINT NOT NULL,
            metric_name VARCHAR(255) NOT NULL,
            seen TIMESTAMPTZ NOT NULL,
            added XID8 NOT NULL DEFAULT pg_current_xact_id(),
            PRIMARY KEY (runtime_id, metric_name)
        );
        CREATE INDEX series_added ON noetl.series (added);
        COMMENT ON TABLE noetl.series IS 'which metrics a component has in noetl.metrics; seen is exact to the hour';

        """

    private static let index =
        "CREATE INDEX metrics_time ON noetl.metrics ((timestamp AT TIME ZONE 'UTC'), metric_id);\n"

    /// What others have written before is found, too, where it is no more than can be read while somebody waits.
    private static func filling(of table: MetricsTable) -> String {
        """
        INSERT INTO noetl.series (runtime_id, metric_name, seen)
        SELECT runtime_id, metric_name, max(created_at) FROM \(table.source) AS metrics
        WHERE runtime_id IS NOT NULL AND length(metric_name) <= 255 AND coalesce(
            (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree('\(table.name)')), pg_relation_size('\(table.name)')
        ) < \(filledBytes)
        GROUP BY runtime_id, metric_name;

        """
    }

    private static let filledBytes = 1_000_000_000

    /// Whether everything that queries need is there.
    var isReadable: Bool { version >= Self.latest }
}
