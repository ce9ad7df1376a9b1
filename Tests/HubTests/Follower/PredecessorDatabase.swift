import Postgres
import TestPostgres
import Testing

/// Tables as programs before the hub have made them: short, and with what matters.
enum PredecessorDatabase: String, CaseIterable, CustomTestStringConvertible {
    /// One table, numbered by a sequence, with both times; the component's kind has another name.
    case plain
    /// A table a day, without the time of a sample, and with an end of its own.
    case daily
    /// No metrics at all, only the components.
    case componentsOnly
    /// As the document has it.
    case documented

    var testDescription: String { rawValue }

    /// Where the samples are.
    var table: String { self == .plain || self == .daily ? "noetl.metric" : "noetl.metrics" }

    var hasTimestamp: Bool { self != .daily }

    /// The tables of others.
    var tables: [String] {
        switch self {
        case .daily: [table, "\(table)_2026_11_26", "noetl.runtime"]
        case .componentsOnly: ["noetl.runtime"]
        default: [table, "noetl.runtime"]
        }
    }

    static let runtime = """
        CREATE TABLE noetl.runtime (
            runtime_id BIGINT PRIMARY KEY, name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('worker_pool', 'server_api', 'broker')), uri TEXT, status TEXT NOT NULL,
            labels JSONB, capabilities JSONB, capacity INTEGER, runtime JSONB, heartbeat TIMESTAMPTZ NOT NULL DEFAULT now(),
            created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX idx_runtime_kind_name ON noetl.runtime (kind, name);
        """

    /// Verbatim from the document.
    static let document = """
        CREATE TABLE noetl.metrics (
            metric_id BIGINT PRIMARY KEY,
            runtime_id BIGINT REFERENCES noetl.runtime(runtime_id),
            metric_name VARCHAR(255) NOT NULL,
            metric_type VARCHAR(50) NOT NULL, -- gauge, counter, histogram, summary
            metric_value DOUBLE PRECISION NOT NULL,
            labels JSONB,
            help_text TEXT,
            unit VARCHAR(50),
            timestamp TIMESTAMPTZ NOT NULL,
            created_at TIMESTAMPTZ DEFAULT now()
        );
        """

    private static func metric(_ key: String, _ times: String) -> String {
        """
        CREATE TABLE noetl.metric (
            metric_id \(key), runtime_id BIGINT NOT NULL REFERENCES noetl.runtime (runtime_id) ON DELETE CASCADE,
            metric_name TEXT NOT NULL,
            metric_type TEXT NOT NULL CHECK (metric_type IN ('counter', 'gauge', 'histogram', 'summary')),
            metric_value DOUBLE PRECISION NOT NULL, labels JSONB, help_text TEXT, unit TEXT, \(times)
        """
    }

    private var sql: String {
        switch self {
        case .plain:
            Self.runtime
                .replacing("kind TEXT", with: "component_type TEXT").replacing("(kind IN", with: "(component_type IN")
                .replacing("(kind, name)", with: "(component_type, name)").replacing("uri", with: "base_url")
                .replacing("heartbeat", with: "last_heartbeat")
                + Self.metric(
                    "BIGSERIAL PRIMARY KEY",
                    "timestamp TIMESTAMPTZ NOT NULL DEFAULT now(), created_at TIMESTAMPTZ NOT NULL DEFAULT now());"
                ) + "CREATE INDEX idx_metric_labels ON noetl.metric USING gin (labels)"
        case .daily:
            Self.runtime
                + Self.metric(
                    "BIGINT",
                    """
                    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
                    expires_at TIMESTAMPTZ NOT NULL DEFAULT (now() + INTERVAL '1 day'), PRIMARY KEY (metric_id, created_at)
                    ) PARTITION BY RANGE (created_at);
                    """
                ) + """
                    CREATE INDEX idx_metric_runtime_name ON noetl.metric (runtime_id, metric_name);
                    CREATE TABLE noetl.metric_2026_11_26 PARTITION OF noetl.metric FOR VALUES FROM ('2026-11-26') TO ('2026-11-27')
                    """
        case .componentsOnly: Self.runtime
        case .documented: Self.runtime + Self.document
        }
    }

    /// With a worker that was there before, and a sample of it.
    func make(in database: TestDatabase) throws {
        let kind = self == .plain ? "component_type" : "kind"
        try database.connect().execute(
            """
            CREATE SCHEMA noetl; \(sql);
            INSERT INTO noetl.runtime (runtime_id, \(kind), name, status, labels)
            VALUES (77, 'worker_pool', 'w0', 'offline', '{"zone": "b"}');
            """
        )
        guard self != .componentsOnly else { return }
        try database.connect().execute(
            """
            INSERT INTO \(table) (metric_id, runtime_id, metric_name, metric_type, metric_value, created_at
            \(hasTimestamp ? ", timestamp" : ""))
            VALUES (276000000000000000, 77, 'old', 'gauge', 1, '2026-11-26' \(hasTimestamp ? ", '2026-11-26'" : ""))
            """
        )
    }

    /// All that the catalogue says of the tables of others, but not what is in them.
    func catalogue(_ database: TestDatabase) throws -> String {
        let names = tables.map { "'\($0)'::regclass" }.joined(separator: ", ")
        return try database.answer(
            """
            SELECT * FROM (
                SELECT attrelid::regclass::text AS of, attnum::text AS what, concat_ws(' ', attname,
                    format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attstorage) AS how
                FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0
                UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
                UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
                UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
                UNION ALL SELECT oid::regclass::text, relkind::text, concat_ws(' ', relowner, relacl, reloptions,
                    obj_description(oid, 'pg_class'), pg_get_expr(relpartbound, oid)) FROM pg_class
                UNION ALL SELECT refobjid::regclass::text, 'needed by', view.relname FROM pg_depend
                    JOIN pg_rewrite ON pg_rewrite.oid = objid JOIN pg_class AS view ON view.oid = ev_class
                    WHERE refclassid = 'pg_class'::regclass AND classid = 'pg_rewrite'::regclass
            ) AS found WHERE to_regclass(of) IN (\(names)) ORDER BY 1, 2, 3
            """
        )
    }
}
