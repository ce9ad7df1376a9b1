import SQLite

/// Which components and series the log knows, in memory, so that a report of known series writes one row.
///
/// Each is marked with the last table that it occurs in: it goes with that table.
final class LogDictionary {
    private struct ComponentEntry {
        let id: Int64
        /// How long before its arrival, and after, a sample of it was ever taken: powers of two, in milliseconds.
        var lag: Int64
        var lead: Int64
        var segment: Int64
    }

    private struct SeriesEntry {
        let id: Int64
        var segment: Int64
    }

    private var components: [Fingerprint: ComponentEntry] = [:]
    private var series: [Fingerprint: SeriesEntry] = [:]
    private var last = LastSeries()
    private var nextComponent: Int64 = 1
    private var nextSeries: Int64 = 1

    /// What the transaction that is going on has changed, to be put back if it fails.
    private var changedComponents: [(Fingerprint, ComponentEntry?)] = []
    private var changedSeries: [(Fingerprint, SeriesEntry?)] = []
    private var hasForgotten = false
    private var isStale = false

    private let limits: LogLimits
    private let insertComponent: Statement
    private let updateComponent: Statement
    private let insertSeries: Statement
    private let updateSeries: Statement

    init(_ database: Database, limits: LogLimits) throws(SQLiteError) {
        self.limits = limits
        insertComponent = try database.prepare("INSERT INTO component VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        updateComponent = try database.prepare("UPDATE component SET lag = ?, lead = ?, segment = ? WHERE id = ?")
        insertSeries = try database.prepare("INSERT INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        updateSeries = try database.prepare("UPDATE series SET segment = ? WHERE id = ?")
        try load(database)
    }

    private func load(_ database: Database) throws(SQLiteError) {
        let rows = try database.prepare("SELECT id, type, name, instance, lag, lead, segment FROM component")
        while try rows.step() {
            let component = Component(
                type: rows.text(1) ?? "",
                name: rows.text(2) ?? "",
                instance: rows.text(3)
            )
            components[Fingerprint(component)] = ComponentEntry(
                id: rows.integer(0),
                lag: rows.integer(4),
                lead: rows.integer(5),
                segment: rows.integer(6)
            )
            nextComponent = max(nextComponent, rows.integer(0) &+ 1)
        }
        let known = try database.prepare("SELECT \(SeriesRow.columns), segment FROM series")
        while try known.step() {
            nextSeries = max(nextSeries, known.integer(0) &+ 1)
            guard let row = SeriesRow(known) else { continue }
            series[Fingerprint(row.metric, of: row.component)] = SeriesEntry(
                id: row.id,
                segment: known.integer(SeriesRow.count)
            )
        }
    }

    var seriesCount: Int { series.count }
    var componentCount: Int { components.count }

    // MARK: Looking up, and making what is not there

    /// - Parameter age: how long before the arrival its oldest and newest sample were taken.
    /// - Returns: nil when there are as many components as may be.
    func id(
        of component: Component,
        age: ClosedRange<Int64>,
        in segment: Int64
    ) throws(SQLiteError) -> Int64? {
        let fingerprint = Fingerprint(component)
        guard var entry = components[fingerprint] else {
            guard components.count < limits.components else { return nil }
            return try add(component, fingerprint, age: age, in: segment)
        }
        let before = entry
        entry.lag = max(entry.lag, Self.rounded(age.upperBound))
        entry.lead = max(entry.lead, Self.rounded(0 &- age.lowerBound))
        entry.segment = segment
        if entry.lag == before.lag, entry.lead == before.lead, before.segment == segment { return entry.id }
        try updateComponent.bind(entry.lag, at: 1)
        try updateComponent.bind(entry.lead, at: 2)
        try updateComponent.bind(segment, at: 3)
        try updateComponent.bind(entry.id, at: 4)
        try updateComponent.run()
        changedComponents.append((fingerprint, before))
        components[fingerprint] = entry
        return entry.id
    }

    private func add(
        _ component: Component,
        _ fingerprint: Fingerprint,
        age: ClosedRange<Int64>,
        in segment: Int64
    ) throws(SQLiteError) -> Int64 {
        let entry = ComponentEntry(
            id: nextComponent,
            lag: Self.rounded(age.upperBound),
            lead: Self.rounded(0 &- age.lowerBound),
            segment: segment
        )
        try insertComponent.bind(entry.id, at: 1)
        try insertComponent.bind(component.runtimeID, at: 2)
        try insertComponent.bind(component.type, at: 3)
        try insertComponent.bind(component.name, at: 4)
        try insertComponent.bind(component.instance, at: 5)
        try insertComponent.bind(entry.lag, at: 6)
        try insertComponent.bind(entry.lead, at: 7)
        try insertComponent.bind(segment, at: 8)
        try insertComponent.run()
        changedComponents.append((fingerprint, nil))
        components[fingerprint] = entry
        nextComponent &+= 1
        return entry.id
    }

    /// One id for each metric, in their order.
    /// - Returns: nil when that would make more series than may be.
    func ids(
        of metrics: [ReportedMetric],
        component: Int64,
        in segment: Int64
    ) throws(SQLiteError) -> [Int64]? {
        if let known = last.ids(of: metrics, component: component, in: segment) { return known }
        let fingerprints = metrics.map { Fingerprint($0, of: component) }
        let unknown = fingerprints.count { series[$0] == nil }
        guard unknown == 0 || series.count + unknown <= limits.series else { return nil }
        var ids: [Int64] = []
        ids.reserveCapacity(metrics.count)
        for (metric, fingerprint) in zip(metrics, fingerprints) {
            guard let entry = series[fingerprint] else {
                ids.append(try add(metric, fingerprint, component: component, in: segment))
                continue
            }
            ids.append(entry.id)
            if entry.segment == segment { continue }
            try updateSeries.bind(segment, at: 1)
            try updateSeries.bind(entry.id, at: 2)
            try updateSeries.run()
            changedSeries.append((fingerprint, entry))
            series[fingerprint]?.segment = segment
        }
        last.remember(ids, of: metrics, component: component, in: segment)
        return ids
    }

    private func add(
        _ metric: ReportedMetric,
        _ fingerprint: Fingerprint,
        component: Int64,
        in segment: Int64
    ) throws(SQLiteError) -> Int64 {
        let id = nextSeries
        try insertSeries.bind(id, at: 1)
        try insertSeries.bind(component, at: 2)
        try insertSeries.bind(metric.name, at: 3)
        try insertSeries.bind(metric.kind.name, at: 4)
        try insertSeries.bind(LabelText.written(metric.labels), at: 5)
        try insertSeries.bind(metric.help, at: 6)
        try insertSeries.bind(metric.unit, at: 7)
        try insertSeries.bind(segment, at: 8)
        try insertSeries.run()
        changedSeries.append((fingerprint, nil))
        series[fingerprint] = SeriesEntry(id: id, segment: segment)
        nextSeries &+= 1
        return id
    }

    /// At least a minute, so that it hardly ever changes.
    private static func rounded(_ milliseconds: Int64) -> Int64 {
        var bound: Int64 = 1 << 16
        while bound < milliseconds, bound < 1 << 62 { bound <<= 1 }
        return bound
    }

    // MARK: Going, and going back

    /// Forgets what occurs in no table from this one on.
    func forget(before segment: Int64) {
        series = series.filter { $0.value.segment >= segment }
        components = components.filter { $0.value.segment >= segment }
        last.forget()
        hasForgotten = true
    }

    func commit() {
        changedComponents.removeAll(keepingCapacity: true)
        changedSeries.removeAll(keepingCapacity: true)
        hasForgotten = false
    }

    /// Numbers that were given out are not given out again: a reader may have remembered them.
    func rollBack() {
        for (fingerprint, entry) in changedComponents.reversed() { components[fingerprint] = entry }
        for (fingerprint, entry) in changedSeries.reversed() { series[fingerprint] = entry }
        last.forget()
        isStale = isStale || hasForgotten
        commit()
    }

    /// Reads it again when more was forgotten than is remembered here.
    func refresh(_ database: Database) throws(SQLiteError) {
        guard isStale else { return }
        (components, series) = ([:], [:])
        try load(database)
        isStale = false
    }
}
