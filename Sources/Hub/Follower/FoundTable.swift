import Postgres

/// A table that another program has made, as the catalogue has it.
struct FoundTable {
    struct Column {
        let type: String
        /// Characters of a VARCHAR.
        let length: Int?
        let isNotNull: Bool
        /// Whether rows get a value that do not bring one.
        let hasDefault: Bool
    }

    static let texts: Set = ["text", "character varying"]
    static let moments: Set = ["timestamp with time zone", "timestamp without time zone"]
    static let objects: Set = ["jsonb", "json"]

    /// With the schema before it.
    let name: String
    /// By whose ranges it is partitioned, if it is by those of one column.
    let rangeColumn: String?
    private let columns: [String: Column]

    /// Finds it; what is no table is not there.
    init?(_ name: String, _ connection: PostgresConnection) throws(PostgresError) {
        let table = try connection.query(
            """
            SELECT partstrat = 'r' AND partnatts = 1,
                (SELECT attname FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum = partattrs[0])
            FROM pg_class LEFT JOIN pg_partitioned_table ON partrelid = pg_class.oid
            WHERE pg_class.oid = to_regclass($1) AND relkind IN ('r', 'p')
            """,
            [name]
        )
        if table.count == 0 { return nil }
        self.name = name
        rangeColumn = table.text(0, 0) == "t" ? table.text(0, 1) : nil
        let rows = try connection.query(
            """
            SELECT attname, format_type(atttypid, NULL), CASE WHEN atttypmod > 4 THEN atttypmod - 4 END, attnotnull,
                atthasdef OR attidentity <> ''
            FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
            """,
            [name]
        )
        var columns: [String: Column] = [:]
        for row in 0..<rows.count {
            guard let name = rows.text(row, 0), let type = rows.text(row, 1) else { continue }
            columns[name] = Column(
                type: type,
                length: type == "character varying" ? rows.integer(row, 2).map { Int($0) } : nil,
                isNotNull: rows.text(row, 3) == "t",
                hasDefault: rows.text(row, 4) == "t"
            )
        }
        self.columns = columns
    }

    subscript(name: String) -> Column? { columns[name] }

    /// A column that is there, or not, and is of one of the types.
    func column(_ name: String, _ types: Set<String>) throws(PostgresError) -> Column? {
        guard let column = columns[name] else { return nil }
        guard types.contains(column.type) else {
            throw unusable("\(name) is \(column.type), and not \(types.sorted().joined(separator: " or "))")
        }
        return column
    }

    /// A column that must be there.
    @discardableResult
    func required(_ name: String, _ types: Set<String>) throws(PostgresError) -> Column {
        guard let column = try column(name, types) else { throw unusable("it has no column \(name)") }
        return column
    }

    /// Refuses the table when rows would have to bring more than these columns.
    func check(allBut written: Set<String>) throws(PostgresError) {
        let unknown = columns.filter { !written.contains($0.key) && $0.value.isNotNull && !$0.value.hasDefault }
        guard let name = unknown.keys.min() else { return }
        throw unusable("\(name) must have a value, has no default, and nothing is known of it")
    }

    /// What the table's own rules for one column alone leave of the texts. They are tried, as they are when a row is written.
    func allowed(
        _ texts: [String],
        in column: String,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> [String] {
        let condition = try conditions(of: column, connection).map { "(\($0)) IS NOT FALSE" }.joined(separator: " AND ")
        let question = "SELECT \(column) FROM unnest($1::text[]) AS texts (\(column))"
        let rows = try connection.query(
            condition.isEmpty ? question : "\(question) WHERE \(condition)",
            [ArrayText.of(texts)]
        )
        return (0..<rows.count).compactMap { rows.text($0, 0) }
    }

    /// Texts that the rules for a column speak of.
    func texts(in column: String, _ connection: PostgresConnection) throws(PostgresError) -> [String] {
        var texts: [String] = []
        for condition in try conditions(of: column, connection) {
            let rows = try connection.query(
                "SELECT found[1] FROM regexp_matches($1, '''([^'']+)''', 'g') AS found",
                [condition]
            )
            texts += (0..<rows.count).compactMap { rows.text($0, 0) }
        }
        return texts
    }

    private func conditions(of column: String, _ connection: PostgresConnection) throws(PostgresError) -> [String] {
        let rows = try connection.query(
            """
            SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
            WHERE conrelid = to_regclass($1) AND contype = 'c' AND conkey = ARRAY[
                (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = $2)
            ]
            """,
            [name, column]
        )
        return (0..<rows.count).compactMap { rows.text($0, 0) }
    }

    func unusable(_ reason: String) -> PostgresError {
        PostgresError(
            .configuration,
            "another program's table \(name) cannot be used: \(reason). Name another database, or change the table"
        )
    }
}
