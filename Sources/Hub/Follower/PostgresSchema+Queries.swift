extension PostgresSchema {
    /// What queries need: who has reported what, and all rows by their times.
    ///
    /// A row of `series` is found by the transaction that has added it: what is new since the last look is read, and nothing is missed
    /// of transactions that end in another order than they began.
    static let queries = """
        CREATE TABLE noetl.series (
            runtime_id BIGINT NOT NULL,
            metric_name VARCHAR(255) NOT NULL,
            seen TIMESTAMPTZ NOT NULL,
            added XID8 NOT NULL DEFAULT pg_current_xact_id(),
            PRIMARY KEY (runtime_id, metric_name)
        );
        CREATE INDEX series_added ON noetl.series (added);
        COMMENT ON TABLE noetl.series IS 'which metrics a component has in noetl.metrics; seen is exact to the hour';
        CREATE INDEX metrics_time ON noetl.metrics ((timestamp AT TIME ZONE 'UTC'), metric_id);
        """

    /// Whether everything that queries need is there.
    var isReadable: Bool { variant == .own && version >= Self.steps.count }
}
