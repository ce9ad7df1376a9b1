extension PostgresSchema {
    /// How the tables come to be what they are: each step once, in this order. What has been released is never changed here; what
    /// is to be another way is another step.
    static func steps(_ tables: HistoryTables) -> [String] { [first(tables)] }

    /// The number of steps, whoever has made which table.
    static let latest = steps(.own).count

    /// What is missing beside the tables of others. Nothing of theirs is referred to: they may delete and drop as before.
    private static func first(_ tables: HistoryTables) -> String {
        [
            schema, tables.runtime.isOurs ? runtime : components,
            tables.metrics.isOurs
                ? metrics(referring: tables.runtime.isOurs)
                    + views(of: tables.runtime.isOurs ? "runtime" : "components") : "",
            bookkeeping, queries(in: tables.metrics), tables.metrics.isOurs ? "" : numbering(in: tables.metrics),
        ].joined(separator: "\n")
    }

    private static let schema = """
        CREATE SCHEMA IF NOT EXISTS noetl;
        CREATE TABLE noetl.hub_schema (
            version INT PRIMARY KEY,
            made TEXT[] NOT NULL DEFAULT '{}',
            made_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        COMMENT ON COLUMN noetl.hub_schema.made IS 'those of runtime and metrics that agent-hub has made';
        """

    private static let runtime = """
        CREATE TABLE noetl.runtime (
            runtime_id BIGINT PRIMARY KEY,
            kind VARCHAR(50) NOT NULL,
            name VARCHAR(255) NOT NULL,
            instance VARCHAR(255),
            status VARCHAR(50) NOT NULL DEFAULT 'ready',
            labels JSONB,
            last_seen TIMESTAMPTZ NOT NULL DEFAULT now(),
            created_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        CREATE INDEX runtime_name ON noetl.runtime (name, kind);
        """

    private static let components = """
        CREATE TABLE noetl.components (
            runtime_id BIGINT PRIMARY KEY,
            identifier BIGINT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            instance TEXT
        );
        COMMENT ON TABLE noetl.components IS 'which row of noetl.runtime a component has that reports to a hub';
        """

    private static func metrics(referring isReferring: Bool) -> String {
        """
        CREATE TABLE noetl.metrics (
            metric_id BIGINT NOT NULL,
            runtime_id BIGINT NOT NULL\(isReferring ? " REFERENCES noetl.runtime (runtime_id)" : ""),
            metric_name VARCHAR(255) NOT NULL,
            metric_type VARCHAR(50) NOT NULL,
            metric_value DOUBLE PRECISION NOT NULL,
            labels JSONB,
            help_text TEXT,
            unit VARCHAR(50),
            timestamp TIMESTAMPTZ NOT NULL,
            created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            PRIMARY KEY (metric_id, created_at)
        ) PARTITION BY RANGE (created_at);
        CREATE INDEX metrics_series ON noetl.metrics (runtime_id, metric_name, timestamp);
        """
    }

    private static func views(of components: String) -> String {
        """
        CREATE VIEW noetl.metric AS SELECT * FROM noetl.metrics;

        CREATE VIEW noetl.metric_hourly AS
        SELECT metrics.runtime_id, runtime.kind AS component_type, runtime.name AS component_name, runtime.instance,
            metric_name, metric_type, metrics.labels, max(unit) AS unit, date_trunc('hour', timestamp) AS hour,
            count(*) AS samples, min(metric_value) AS least, max(metric_value) AS greatest, avg(metric_value) AS mean,
            (array_agg(metric_value ORDER BY timestamp DESC, metric_id DESC))[1] AS last
        FROM noetl.metrics AS metrics JOIN noetl.\(components) AS runtime USING (runtime_id)
        GROUP BY metrics.runtime_id, runtime.runtime_id, metric_name, metric_type, metrics.labels, hour;
        """
    }

    /// Logs are numbered behind those whose rows have been left in a table of others.
    private static func numbering(in table: MetricsTable) -> String {
        """
        SELECT setval(pg_get_serial_sequence('noetl.cursors', 'number'), greatest(1, number), number IS NOT NULL)
        FROM (
            SELECT (max(metric_id) - '\(table.origin(ofLog: 0))'::bigint) >> 48 AS number FROM \(table.name) WHERE metric_id < 0
        ) AS used;
        """
    }

    private static let bookkeeping = """
        CREATE TABLE noetl.cursors (
            log UUID PRIMARY KEY,
            number SMALLINT GENERATED ALWAYS AS IDENTITY UNIQUE,
            sequence BIGINT NOT NULL DEFAULT 0,
            rows BIGINT NOT NULL DEFAULT 0,
            arrived TIMESTAMPTZ,
            updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE noetl.cursors IS 'a hub''s log, and the last report of it that is in noetl.metrics';

        CREATE TABLE noetl.reports (
            runtime_id BIGINT NOT NULL,
            report_id TEXT NOT NULL,
            log UUID NOT NULL,
            sequence BIGINT NOT NULL,
            arrived TIMESTAMPTZ NOT NULL,
            PRIMARY KEY (runtime_id, report_id)
        );
        CREATE INDEX reports_arrived ON noetl.reports USING brin (arrived);
        COMMENT ON TABLE noetl.reports IS 'reports that were sent with a report_id: each is in noetl.metrics once, whichever hub took it';

        CREATE TABLE noetl.lifetimes (runtime_id BIGINT PRIMARY KEY, milliseconds BIGINT NOT NULL);
        COMMENT ON TABLE noetl.lifetimes IS 'how long reports of components are exported that say so';

        CREATE TABLE noetl.refused (
            log UUID NOT NULL,
            sequence BIGINT NOT NULL,
            place INT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            row TEXT NOT NULL,
            refused_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            PRIMARY KEY (log, sequence, place)
        );
        COMMENT ON TABLE noetl.refused IS 'rows that noetl.metrics did not take, as COPY has them';
        """
}
