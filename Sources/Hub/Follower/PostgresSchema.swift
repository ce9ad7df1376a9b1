package import Postgres

/// The tables of the history, made and brought up to date by whoever comes first.
package struct PostgresSchema: Sendable, Hashable {
    /// Whose tables they are.
    package enum Variant: Sendable, Hashable {
        /// As they are made here.
        case own
        /// A table `noetl.metric` that another program has made: found, and not written to.
        case predecessor
    }

    package let variant: Variant
    /// Of our own tables; 0 before they are made.
    package let version: Int

    /// What `pg_advisory_xact_lock` is called with: "noetl" in ASCII.
    private static let lock = 0x6E6F_65746C

    /// What is there, if anything is.
    package static func find(_ connection: PostgresConnection) throws(PostgresError) -> PostgresSchema? {
        let found = try connection.query(
            """
            SELECT to_regclass('noetl.hub_schema') IS NOT NULL,
                (SELECT relkind IN ('r', 'p') FROM pg_class WHERE oid = to_regclass('noetl.metric'))
            """
        )
        if found.text(0, 0) == "t" {
            let version = try connection.query("SELECT max(version) FROM noetl.hub_schema").integer(0, 0)
            return PostgresSchema(variant: .own, version: Int(version ?? 0))
        }
        return found.text(0, 1) == "t" ? PostgresSchema(variant: .predecessor, version: 0) : nil
    }

    /// Makes what is missing, step by step, and nothing when all is there. Of several hubs one does it, and the others wait.
    package static func prepare(_ connection: PostgresConnection) throws(PostgresError) -> PostgresSchema {
        try check(connection)
        if let found = try usable(connection), found.version == steps.count { return found }
        return try connection.transaction { () throws(PostgresError) in
            try connection.execute("SELECT pg_advisory_xact_lock(\(lock))")
            // Somebody else may have made it meanwhile.
            let version = try usable(connection)?.version ?? 0
            for (index, step) in steps.enumerated().dropFirst(version) {
                try connection.execute(step)
                try connection.execute("INSERT INTO noetl.hub_schema (version) VALUES (\(index + 1))")
            }
            return PostgresSchema(variant: .own, version: steps.count)
        }
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

    private static func usable(_ connection: PostgresConnection) throws(PostgresError) -> PostgresSchema? {
        guard let found = try find(connection) else { return nil }
        guard found.variant == .own else {
            throw PostgresError(
                .configuration,
                "there is a table noetl.metric of another program; name another database"
            )
        }
        guard found.version <= steps.count else {
            throw PostgresError(
                .configuration,
                "a later version has made the tables (\(found.version), this is \(steps.count)); run that version"
            )
        }
        return found
    }
}
