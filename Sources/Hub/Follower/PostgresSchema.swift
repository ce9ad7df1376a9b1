package import Postgres

/// The tables of the history, made and brought up to date by whoever comes first.
package struct PostgresSchema: Sendable, Hashable {
    package let tables: HistoryTables
    /// Of our own tables; 0 before they are made.
    package let version: Int

    /// What `pg_advisory_xact_lock` is called with: "noetl" in ASCII.
    private static let lock = 0x6E6F_65746C

    /// What is there, if anything is.
    package static func find(_ connection: PostgresConnection) throws(PostgresError) -> PostgresSchema? {
        var (version, made) = (0, Set<String>())
        if try isThere("noetl.hub_schema", connection) {
            version = try Int(connection.query("SELECT max(version) FROM noetl.hub_schema").integer(0, 0) ?? 0)
            guard version <= latest else {
                throw PostgresError(
                    .configuration,
                    "a later version has made the tables (\(version), this is \(latest)); run that version"
                )
            }
            let rows = try connection.query("SELECT DISTINCT unnest(made) FROM noetl.hub_schema")
            made = Set((0..<rows.count).compactMap { rows.text($0, 0) })
        }
        let tables = try HistoryTables.find(made: made, connection)
        return version == 0 && tables.isOwn ? nil : PostgresSchema(tables: tables, version: version)
    }

    /// Makes what is missing, step by step, and nothing when all is there. Of several hubs one does it, and the others wait.
    package static func prepare(_ connection: PostgresConnection) throws(PostgresError) -> PostgresSchema {
        try check(connection)
        if let found = try find(connection), found.version == latest { return found }
        return try connection.transaction { () throws(PostgresError) in
            try connection.execute("SELECT pg_advisory_xact_lock(\(lock))")
            // Somebody else may have made it meanwhile.
            let found = try find(connection) ?? PostgresSchema(tables: .own, version: 0)
            for (index, step) in steps(found.tables).enumerated().dropFirst(found.version) {
                try connection.execute(step)
                let made = index == 0 ? ArrayText.of(found.tables.made.map(Optional.init)) : "{}"
                try connection.query(
                    "INSERT INTO noetl.hub_schema (version, made) VALUES ($1, $2)",
                    ["\(index + 1)", made]
                )
            }
            return PostgresSchema(tables: found.tables, version: latest)
        }
    }

    /// Whether there is a table of this name, with the schema before it.
    ///
    /// By a look into a catalogue, for that makes the server hear of what others have made while we waited for them.
    static func isThere(_ table: String, _ connection: PostgresConnection) throws(PostgresError) -> Bool {
        let question = "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass($1))"
        return try connection.query(question, [table]).text(0, 0) == "t"
    }

    /// Alone among all hubs, for as long as a transaction lasts.
    static func alone(
        _ connection: PostgresConnection,
        _ body: () throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try connection.transaction { () throws(PostgresError) in
            try connection.execute("SELECT pg_advisory_xact_lock(\(lock))")
            try body()
        }
    }

    private static func check(_ connection: PostgresConnection) throws(PostgresError) {
        // Any text may be reported. In another encoding some would be refused, or stored as something else.
        let encoding = try connection.query("SHOW server_encoding").text(0, 0) ?? ""
        guard encoding == "UTF8" else {
            throw PostgresError(
                .configuration,
                "the database is in \(encoding): make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            )
        }
    }
}
