import Postgres

/// Which rows of another program's `noetl.runtime` components have: kept in `noetl.components`, found or made at first sight.
struct RuntimeMapping {
    typealias Sight = (component: Component, seen: Int64)

    let table: RuntimeTable
    private let name = RuntimeTable.name

    init(_ table: RuntimeTable) {
        self.table = table
    }

    /// Says when components were last seen, and makes rows for those who have none.
    /// - Returns: the numbers by which they are known there.
    func note(_ sights: [Sight], _ connection: PostgresConnection) throws(PostgresError) -> [Component: Int64] {
        var numbers = try touch(sights, connection)
        let new = sights.filter { numbers[$0.component] == nil }
        if new.isEmpty { return numbers }
        try PostgresSchema.alone(connection) { () throws(PostgresError) in
            // Another hub may have been first.
            let met = try touch(new, connection)
            let rest = new.filter { met[$0.component] == nil }
            if rest.isEmpty { return numbers.merge(met) { $1 } }
            try add(rest, connection)
            numbers.merge(try touch(new, connection)) { $1 }
        }
        if numbers.count < sights.count {
            throw PostgresError(.conflict, "a component has no row in \(name), for others have all of its names")
        }
        return numbers
    }

    /// Of those that have a row.
    private func touch(_ sights: [Sight], _ connection: PostgresConnection) throws(PostgresError) -> [Component: Int64]
    {
        let seen = "to_timestamp(locked.seen / 1000.0)"
        let changes = [
            table.seen.map { "\($0) = greatest(there.\($0), \(seen))" },
            table.status.map { "\($0) = '\(RuntimeTable.ready)'" },
            table.changed.map { "\($0) = now()" },
        ].compactMap(\.self)
        // In one order, so that two hubs do not wait for each other.
        let rows = try connection.query(
            """
            WITH locked AS (
                SELECT runtime_id, identifier, seen FROM \(name) JOIN noetl.components USING (runtime_id)
                JOIN unnest($1::bigint[], $2::bigint[]) AS new (identifier, seen) USING (identifier)
                ORDER BY runtime_id FOR NO KEY UPDATE OF runtime
            )\(changes.isEmpty ? "" : """
            , changed AS (
                UPDATE \(name) AS there SET \(changes.joined(separator: ", ")) FROM locked
                WHERE there.runtime_id = locked.runtime_id
            )
            """) SELECT identifier, runtime_id FROM locked
            """,
            [ArrayText.of(sights.map(\.component.runtimeID)), ArrayText.of(sights.map(\.seen))]
        )
        let numbers = Self.pairs(rows)
        var known: [Component: Int64] = [:]
        for sight in sights { known[sight.component] = numbers[sight.component.runtimeID] }
        return known
    }

    private func add(_ sights: [Sight], _ connection: PostgresConnection) throws(PostgresError) {
        let former = try forgetRemoved(sights, connection)
        let kinds = try kinds(of: sights, connection)
        var rest = sights.map { sight in
            (sight: sight, row: RuntimeRow(sight.component, in: table, kinds: kinds))
        }
        var attempt = 0
        while !rest.isEmpty {
            let next = rest.filter { attempt < $0.row.names.count }
            if next.isEmpty { return }
            let added = try add(
                next.map { sight, row in
                    Attempt(
                        sight: sight,
                        number: former[sight.component.runtimeID] ?? sight.component.runtimeID,
                        row: row,
                        name: row.names[attempt],
                        isTheComponent: row.isPlain && row.names[attempt] == sight.component.name
                    )
                },
                connection
            )
            rest = rest.filter { !added.contains($0.sight.component.runtimeID) }
            attempt += 1
        }
    }

    private struct Attempt {
        let sight: Sight
        let number: Int64
        let row: RuntimeRow
        let name: String
        /// Whether a row of that kind and name is the component, whoever has made it.
        let isTheComponent: Bool
    }

    /// - Returns: the numbers, in every hub, of components that have a row now.
    private func add(_ attempts: [Attempt], _ connection: PostgresConnection) throws(PostgresError) -> Set<Int64> {
        let moment = "to_timestamp(seen / 1000.0)"
        let columns: [(name: String, value: String)] =
            [
                ("runtime_id", "number"), (table.kind, "row_kind"), ("name", "row_name"),
            ]
            + [
                table.instance.map { ($0, "row_instance") }, table.status.map { ($0, "'\(RuntimeTable.ready)'") },
                table.labels.map { ("labels", "row_labels::\($0)") }, table.seen.map { ($0, moment) },
                table.changed.map { ($0, moment) }, table.created.map { ($0, moment) },
            ].compactMap(\.self)
        let same =
            "there.\(table.kind) = row_kind AND there.name = row_name"
            + (table.instance.map { " AND there.\($0) IS NOT DISTINCT FROM row_instance" } ?? "")
        let rows = try connection.query(
            """
            WITH new AS (
                SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                    $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[])
                AS new (identifier, number, kind, name, instance, seen, row_kind, row_name, row_instance, row_labels, claims)
            ), made AS (
                INSERT INTO \(name) (\(columns.map(\.name).joined(separator: ", "))) OVERRIDING SYSTEM VALUE
                SELECT \(columns.map(\.value).joined(separator: ", ")) FROM new
                WHERE NOT EXISTS (SELECT FROM \(name) AS there WHERE \(same))
                    AND NOT EXISTS (SELECT FROM \(name) AS there WHERE there.runtime_id = number)
                ORDER BY number
                ON CONFLICT DO NOTHING RETURNING runtime_id
            )
            INSERT INTO noetl.components (runtime_id, identifier, kind, name, instance)
            SELECT coalesce(made.runtime_id, own.runtime_id, found.runtime_id), identifier, new.kind, new.name, new.instance
            FROM new LEFT JOIN made ON made.runtime_id = number LEFT JOIN \(name) AS own ON own.runtime_id = number
            LEFT JOIN LATERAL (SELECT min(runtime_id) AS runtime_id FROM \(name) AS there WHERE claims AND \(same)) AS found
            ON true
            WHERE coalesce(made.runtime_id, own.runtime_id, found.runtime_id) IS NOT NULL
            ON CONFLICT DO NOTHING RETURNING identifier
            """,
            [
                ArrayText.of(attempts.map(\.sight.component.runtimeID)), ArrayText.of(attempts.map(\.number)),
                ArrayText.of(attempts.map(\.sight.component.type)), ArrayText.of(attempts.map(\.sight.component.name)),
                ArrayText.of(attempts.map(\.sight.component.instance)), ArrayText.of(attempts.map(\.sight.seen)),
                ArrayText.of(attempts.map(\.row.kind)), ArrayText.of(attempts.map(\.name)),
                ArrayText.of(attempts.map(\.row.instance)),
                ArrayText.of(attempts.map { LabelText.written($0.row.labels) }),
                ArrayText.of(attempts.map { $0.isTheComponent ? "t" : "f" }),
            ]
        )
        return Set((0..<rows.count).compactMap { rows.integer($0, 0) })
    }

    /// Components whose row somebody has deleted get it again, by the same number: rows of `noetl.metric` may have been left.
    /// - Returns: that number, by the one that it has in every hub.
    private func forgetRemoved(
        _ sights: [Sight],
        _ connection: PostgresConnection
    ) throws(PostgresError) -> [Int64: Int64] {
        let rows = try connection.query(
            """
            DELETE FROM noetl.components WHERE identifier = ANY ($1::bigint[])
                AND NOT EXISTS (SELECT FROM \(name) AS there WHERE there.runtime_id = components.runtime_id)
            RETURNING identifier, runtime_id
            """,
            [ArrayText.of(sights.map(\.component.runtimeID))]
        )
        return Self.pairs(rows)
    }

    private static func pairs(_ rows: PostgresRows) -> [Int64: Int64] {
        var pairs: [Int64: Int64] = [:]
        for row in 0..<rows.count {
            if let first = rows.integer(row, 0) { pairs[first] = rows.integer(row, 1) }
        }
        return pairs
    }

    private func kinds(of sights: [Sight], _ connection: PostgresConnection) throws(PostgresError) -> Set<String> {
        guard let found = try FoundTable(name, connection) else { return [] }
        return Set(try found.allowed(Array(Set(sights.map(\.component.type))), in: table.kind, connection))
    }
}
