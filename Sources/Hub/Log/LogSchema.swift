import SQLite

/// The tables of a log, and how one is told from any other file.
enum LogSchema {
    /// "AHub", as SQLite's `application_id`.
    static let application: Int64 = 0x4148_7562
    static let version: Int64 = 1
    /// A view joins so many tables, of the 500 that SQLite allows: the newest.
    private static let joined = 400

    /// - Throws: that it is no log, that a later version has written it, or that one of its tables is missing.
    static func check(_ database: Database, path: String) throws(LogError) {
        let (found, application, missing) = try LogError.naming(path) {
            () throws(SQLiteError) -> (Int64, Int64?, String?) in
            let application = try database.integer("PRAGMA application_id")
            let found = try database.integer("PRAGMA user_version") ?? 0
            guard application == Self.application, found == version else { return (found, application, nil) }
            let missing: String? = try database.text(
                """
                SELECT group_concat(name, ', ') FROM (
                    SELECT 'report_' || first AS name FROM segment
                    UNION ALL SELECT 'identity_' || first FROM segment
                ) WHERE name NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')
                """
            )
            return (found, application, missing)
        }
        guard application == Self.application else { throw LogError(.foreign, path) }
        guard found == version else {
            throw LogError(.newer, path, detail: "its version is \(found), this is \(version)")
        }
        if let missing { throw LogError(.damaged, path, detail: "tables are missing: \(missing)") }
    }

    /// So many bytes tell a log from other files.
    static let beginning = 72

    /// Whether a file is empty, or says in its header that it is a log (sqlite.org/fileformat.html, 1.3).
    static func mayBeOurs(beginning: [UInt8]) -> Bool {
        let mark = (0..<4).map { UInt8(truncatingIfNeeded: application >> (24 - 8 * $0)) }
        return beginning.isEmpty
            || beginning.starts(with: "SQLite format 3\u{0}".utf8) && beginning.suffix(4) == mark[...]
    }

    static func isBlank(_ database: Database) throws(SQLiteError) -> Bool {
        for question in ["SELECT count(*) FROM sqlite_schema", "PRAGMA application_id", "PRAGMA user_version"] {
            guard try database.integer(question) == 0 else { return false }
        }
        return true
    }

    /// - Parameter identity: by which followers know this log from the next one.
    static func create(in database: Database, identity: String) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.execute(
                """
                PRAGMA application_id = \(application);
                PRAGMA user_version = \(version);
                CREATE TABLE log (identity TEXT NOT NULL) STRICT;
                INSERT INTO log VALUES ('\(identity)');
                CREATE TABLE segment (
                    first INTEGER PRIMARY KEY, since INTEGER, base INTEGER NOT NULL, settled INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE component (
                    id INTEGER PRIMARY KEY, runtime_id INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
                    instance TEXT, lag INTEGER NOT NULL, lead INTEGER NOT NULL, segment INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX component_name ON component (name);
                CREATE INDEX component_runtime ON component (runtime_id);
                CREATE TABLE series (
                    id INTEGER PRIMARY KEY, component INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
                    labels TEXT, help TEXT, unit TEXT, segment INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX series_name ON series (name, component);
                CREATE TABLE registration (
                    type TEXT NOT NULL, name TEXT NOT NULL, instance TEXT NOT NULL, registered INTEGER NOT NULL,
                    PRIMARY KEY (type, name, instance)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE cursor (follower TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                """
            )
            try createViews(of: [], in: database)
        }
    }

    static func create(_ segment: Segment, in database: Database) throws(SQLiteError) {
        let table = segment.table
        try database.execute(
            """
            CREATE TABLE \(table) (
                sequence INTEGER PRIMARY KEY, component INTEGER NOT NULL, arrived INTEGER NOT NULL,
                time INTEGER NOT NULL, ttl INTEGER, identity INTEGER, samples TEXT NOT NULL, report_id TEXT
            ) STRICT;
            CREATE INDEX \(table)_component ON \(table) (sequence >> \(Segment.stretchBits), component);
            CREATE TABLE \(segment.identities) (
                identity INTEGER, sequence INTEGER, PRIMARY KEY (identity, sequence)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX \(table)_lifetime ON \(table) (\(LifetimeClass.expression)) WHERE ttl IS NOT NULL;
            """
        )
    }

    /// For people with `sqlite3`: `SELECT * FROM samples WHERE component = 'worker-cpu-01' LIMIT 10`.
    static func createViews(of segments: [Segment], in database: Database) throws(SQLiteError) {
        let columns = "sequence, component, arrived, time, samples"
        let tables = segments.suffix(joined).map { "SELECT \(columns) FROM \($0.table)" }
        let none = "SELECT 0 AS sequence, 0 AS component, 0 AS arrived, 0 AS time, '[]' AS samples WHERE 0"
        try database.execute(
            """
            DROP VIEW IF EXISTS samples;
            DROP VIEW IF EXISTS report;
            CREATE VIEW report AS \(tables.isEmpty ? none : tables.joined(separator: " UNION ALL "));
            CREATE VIEW samples AS
            SELECT report.sequence AS sequence, component.type AS component_type, component.name AS component,
                component.instance AS instance, series.name AS name, series.kind AS kind, series.labels AS labels,
                json_extract(sample.value, '$[1]') AS value, series.unit AS unit,
                strftime('%Y-%m-%dT%H:%M:%fZ',
                    (report.time + coalesce(json_extract(sample.value, '$[2]'), 0)) / 1000.0, 'unixepoch') AS time,
                strftime('%Y-%m-%dT%H:%M:%fZ', report.arrived / 1000.0, 'unixepoch') AS arrived
            FROM report, json_each(report.samples) AS sample
            JOIN series ON series.id = json_extract(sample.value, '$[0]')
            JOIN component ON component.id = report.component;
            """
        )
    }
}
