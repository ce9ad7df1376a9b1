import Postgres

/// The table that components are rows of, and what it can say of them.
package struct RuntimeTable: Sendable, Hashable {
    /// Whether it was made here; if not, `noetl.components` says which of its rows is whose.
    package let isOurs: Bool
    /// Columns, by the names that they have there; nil where there is none.
    let kind: String
    let seen: String?
    let changed: String?
    let created: String?
    let status: String?
    /// The type of `labels`.
    let labels: String?
    let instance: String?
    /// Characters of a name.
    let nameLength: Int
    /// The kind of components whose own kind the table does not take.
    let otherKind: String

    static let name = "noetl.runtime"

    static let ours = RuntimeTable(isOurs: true)

    private init(isOurs: Bool) {
        self.isOurs = isOurs
        (kind, seen, changed, created, status) = ("kind", "last_seen", nil, "created_at", "status")
        (labels, instance, nameLength, otherKind) = ("jsonb", "instance", .max, Component.workerType)
    }

    /// Another program's, if it has what is needed and asks for nothing else.
    init(_ table: FoundTable, _ connection: PostgresConnection) throws(PostgresError) {
        isOurs = false
        try table.required("runtime_id", ["bigint"])
        nameLength = try table.required("name", FoundTable.texts).length ?? .max
        if nameLength < Self.leastNameLength { throw table.unusable("a name has \(nameLength) characters") }
        kind = table["kind"] == nil && table["component_type"] != nil ? "component_type" : "kind"
        try table.required(kind, FoundTable.texts)
        seen = ["last_seen", "heartbeat", "last_heartbeat"].first { table[$0] != nil }
        if let seen { try table.required(seen, FoundTable.moments) }
        changed = try table.column("updated_at", FoundTable.moments) == nil ? nil : "updated_at"
        created = try table.column("created_at", FoundTable.moments) == nil ? nil : "created_at"
        status = try table.column("status", FoundTable.texts) == nil ? nil : "status"
        labels = try table.column("labels", FoundTable.objects)?.type
        instance = try table.column("instance", FoundTable.texts)?.isNotNull == false ? "instance" : nil
        otherKind = try Self.otherKind(table, kind, connection)
        if let status, try table.allowed([Self.ready], in: status, connection).isEmpty {
            throw table.unusable("status cannot be \(Self.ready)")
        }
        let written = [kind, seen, changed, created, status, labels.map { _ in "labels" }, instance].compactMap(\.self)
        try table.check(allBut: Set(written + ["runtime_id", "name"]))
    }

    /// What a name is cut to has a number behind it.
    private static let leastNameLength = 32
    /// The status of a component that reports.
    static let ready = "ready"

    private static func otherKind(
        _ table: FoundTable,
        _ column: String,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> String {
        let texts = try [Component.workerType] + table.texts(in: column, connection).sorted()
        guard let first = try table.allowed(texts, in: column, connection).first else {
            throw table.unusable("it cannot be told which texts \(column) takes")
        }
        return first
    }

    /// What to read from: a component as it has reported, `identifier` being the number that it has in every hub.
    package var source: String {
        if isOurs { return "(SELECT *, runtime_id AS identifier FROM \(Self.name))" }
        return """
            (SELECT runtime_id, coalesce(components.identifier, runtime_id) AS identifier,
            coalesce(components.kind, there.\(kind)) AS kind, coalesce(components.name, there.name) AS name,
            coalesce(components.instance, \(instance.map { "there.\($0)" } ?? "NULL")) AS instance,
            \(status.map { "there.\($0)" } ?? "NULL::text") AS status,
            \(labels.map { _ in "there.labels::jsonb" } ?? "NULL::jsonb") AS labels,
            \(moment(seen)) AS last_seen, \(moment(created)) AS created_at
            FROM \(Self.name) AS there LEFT JOIN noetl.components USING (runtime_id))
            """
    }

    private func moment(_ column: String?) -> String {
        column.map { "there.\($0)::timestamptz" } ?? "NULL::timestamptz"
    }

    /// Who has these numbers, and by which each is known in every hub.
    func components(
        of numbers: [Int64],
        _ connection: PostgresConnection
    ) throws(PostgresError) -> [(number: Int64, identifier: Int64, component: Component)] {
        let rows = try connection.query(
            """
            SELECT runtime_id, kind, name, instance, identifier FROM \(source) AS runtime
            WHERE runtime_id = ANY ($1::bigint[])
            """,
            [ArrayText.of(numbers)]
        )
        return (0..<rows.count).compactMap { row in
            guard let number = rows.integer(row, 0), let type = rows.text(row, 1), let name = rows.text(row, 2)
            else { return nil }
            let component = Component(type: type, name: name, instance: rows.text(row, 3))
            return (number, rows.integer(row, 4) ?? number, component)
        }
    }
}
