import AsyncHTTP
import Postgres

/// Which components have a row in `noetl.runtime`, so that it is not asked for with every report.
struct RuntimeDirectory {
    private struct Entry {
        let identifier: Int64
        /// By what number every hub knows it.
        let identity: Int64
        /// The moment that `last_seen` says, in milliseconds since 1970.
        let seen: Int64
        /// How long its reports are exported, in milliseconds, if it says so.
        let lifetime: Int64?
    }

    private let capacity: Int
    private let precision: Int64
    /// Nil where the table is ours.
    private let mapping: RuntimeMapping?
    private var entries: [Component: Entry] = [:]

    init(_ limits: FollowerLimits, _ table: RuntimeTable) {
        mapping = table.isOurs ? nil : RuntimeMapping(table)
        capacity = limits.components
        precision = limits.lastSeen.clampedMilliseconds
    }

    /// By what number a component is known, if its row is there.
    func identifier(of component: Component) -> Int64? { entries[component]?.identifier }

    /// By what number every hub knows a component.
    func identity(of component: Component) -> Int64 { entries[component]?.identity ?? component.runtimeID }

    /// Makes the rows of those who have none, and says of the others when they were last seen, now and then.
    /// - Returns: whether one that was known has another number now.
    mutating func note(_ reports: [LoggedSamples], _ connection: PostgresConnection) throws(PostgresError) -> Bool {
        var stale: [Component: Int64] = [:]
        var lifetimes: [Component: Int64] = [:]
        for report in reports {
            let lifetime = report.ttl.map { $0.clampedMilliseconds }
            if let entry = entries[report.component], report.arrived < entry.seen &+ precision,
                lifetime == entry.lifetime,
                stale[report.component] == nil
            {
                continue
            }
            stale[report.component] = max(stale[report.component] ?? .min, report.arrived)
            lifetimes[report.component] = lifetime
        }
        if stale.isEmpty { return false }
        let sights = stale.map { (component: $0.key, seen: $0.value) }
        var numbers: [Component: Int64] = [:]
        if let mapping {
            numbers = try mapping.note(sights, connection)
        } else {
            try note(sights, connection)
        }
        if entries.count + sights.count > capacity { entries.removeAll() }
        var isChanged = false
        var changed: [Int64: Int64?] = [:]
        for sight in sights {
            let identity = entries[sight.component]?.identity ?? sight.component.runtimeID
            let entry = Entry(
                identifier: numbers[sight.component] ?? identity,
                identity: identity,
                seen: sight.seen,
                lifetime: lifetimes[sight.component]
            )
            if entries[sight.component].map({ $0.lifetime != entry.lifetime }) ?? true {
                changed.updateValue(entry.lifetime, forKey: entry.identifier)
            }
            let former = entries.updateValue(entry, forKey: sight.component)
            if let former, former.identifier != entry.identifier { isChanged = true }
        }
        try ReportLifetimes.note(changed, connection)
        return isChanged
    }

    /// In a table of ours, where a component's number is the one that it has in every hub.
    private func note(
        _ sights: [RuntimeMapping.Sight],
        _ connection: PostgresConnection
    ) throws(PostgresError) {
        // In one order, so that two hubs do not wait for each other.
        let rows = sights.map { (identifier: $0.component.runtimeID, component: $0.component, seen: $0.seen) }
            .sorted { $0.identifier < $1.identifier }
        try connection.query(
            """
            INSERT INTO noetl.runtime AS known (runtime_id, kind, name, instance, last_seen, created_at)
            SELECT new.id, new.kind, new.name, new.instance, to_timestamp(new.seen / 1000.0), to_timestamp(new.seen / 1000.0)
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[])
                AS new (id, kind, name, instance, seen)
            ON CONFLICT (runtime_id) DO UPDATE
            SET last_seen = greatest(known.last_seen, excluded.last_seen), status = 'ready'
            """,
            [
                ArrayText.of(rows.map(\.identifier)), ArrayText.of(rows.map(\.component.type)),
                ArrayText.of(rows.map(\.component.name)), ArrayText.of(rows.map(\.component.instance)),
                ArrayText.of(rows.map(\.seen)),
            ]
        )
    }

    mutating func forget() {
        entries.removeAll()
    }
}
