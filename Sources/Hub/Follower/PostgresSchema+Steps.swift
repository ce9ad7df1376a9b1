extension PostgresSchema {
    /// How the tables come to be what they are: each step once, in this order. What has been released is never changed here; what
    /// is to be another way is another step.
    static let steps = [tables, queries]

    private static let tables = """
        CREATE SCHEMA IF NOT EXISTS noetl;
        CREATE TABLE noetl.hub_schema (version INT PRIMARY KEY, made_at TIMESTAMPTZ NOT NULL DEFAULT now());

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

        CREATE TABLE noetl.metrics (
            metric_id BIGINT NOT NULL,
            runtime_id BIGINT NOT NULL REFERENCES noetl.runtime (runtime_id),
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
        CREATE VIEW noetl.metric AS SELECT * FROM noetl.metrics;

        CREATE VIEW noetl.metric_hourly AS
        SELECT metrics.runtime_id, runtime.kind AS component_type, runtime.name AS component_name, runtime.instance,
            metric_name, metric_type, metrics.labels, max(unit) AS unit, date_trunc('hour', timestamp) AS hour,
            count(*) AS samples, min(metric_value) AS least, max(metric_value) AS greatest, avg(metric_value) AS mean,
            (array_agg(metric_value ORDER BY timestamp DESC, metric_id DESC))[1] AS last
        FROM noetl.metrics AS metrics JOIN noetl.runtime AS runtime USING (runtime_id)
        GROUP BY metrics.runtime_id, runtime.runtime_id, metric_name, metric_type, metrics.labels, hour;

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
