import AsyncHTTP
import Postgres

/// Who has reported what, in memory: a query's rows are looked for where there are any, and a part of a name without a look at rows.
struct HistoryCatalogue {
    private let limits: HistoryLimits
    private let table: RuntimeTable
    /// The numbers that components have in every hub, by those of their rows, where they are others.
    private var identifiers: [Int64: Int64] = [:]
    private var components: [Int64: Component] = [:]
    private var names: [String] = []
    private var numbers: [String: Int32] = [:]
    private var known: Set<String> = []
    /// Which names a component has, and which components a name.
    private var namesOf: [Int64: Set<Int32>] = [:]
    private var componentsOf: [[Int64]] = []
    /// Series by component and name.
    private(set) var count = 0
    /// Of the database: all that was written by transactions before it has been seen.
    private var horizon = "0"

    init(_ limits: HistoryLimits, _ table: RuntimeTable) {
        self.limits = limits
        self.table = table
    }

    /// What has been added since the last time. What has gone is still there: it has no rows.
    mutating func renew(_ connection: PostgresConnection) throws(PostgresError) {
        // A transaction that has begun before another may end after it.
        let added = try connection.query(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot()), runtime_id, metric_name
            FROM (VALUES (1)) AS one LEFT JOIN noetl.series ON added >= $1::xid8
            """,
            [horizon]
        )
        var strangers: Set<Int64> = []
        for row in 0..<added.count {
            guard let component = added.integer(row, 1), let name = added.text(row, 2) else { continue }
            add(name, of: component)
            if components[component] == nil { strangers.insert(component) }
        }
        try meet(Array(strangers), connection)
        horizon = added.text(0, 0) ?? horizon
    }

    /// Who has this number. Rows of somebody unknown are not answered.
    func component(_ number: Int64) -> Component? { components[number] }

    private mutating func add(_ name: String, of component: Int64) {
        let number: Int32
        if let known = numbers[name] {
            number = known
        } else {
            number = Int32(clamping: names.count)
            names.append(name)
            known.insert(name)
            componentsOf.append([])
            numbers[name] = number
        }
        guard namesOf[component, default: []].insert(number).inserted else { return }
        componentsOf[Int(number)].append(component)
        count += 1
    }

    private mutating func meet(_ strangers: [Int64], _ connection: PostgresConnection) throws(PostgresError) {
        var rest = strangers[...]
        while !rest.isEmpty {
            let some = rest.prefix(max(1, limits.componentsAtOnce))
            rest = rest.dropFirst(some.count)
            for found in try table.components(of: Array(some), connection) {
                components[found.number] = found.component
                if found.identifier != found.number { identifiers[found.number] = found.identifier }
            }
        }
    }

    // MARK: Choosing

    /// How the rows of a query are best found.
    ///
    /// To look up so many series takes a step for each. To look at all rows from the newest on takes as many as there are between
    /// those that are wanted.
    func choice(for query: LogQuery) -> HistoryChoice {
        var query = query
        if let name = query.name { query.limit(to: MetricCatalogue(known).names(for: name)) }
        let wanted = query.names.map { names in names.compactMap { numbers[$0] } }
        if wanted?.isEmpty ?? false { return .nothing }
        let hasComponents =
            query.componentName != nil || query.componentType != nil || query.runtimeID != nil
        let chosen = hasComponents ? chosenComponents(query) : nil
        if chosen?.isEmpty ?? false { return .nothing }
        let few = pairs(chosen, wanted, limit: mostPairs(for: query.limit))
        if let few { return few.isEmpty ? .nothing : .pairs(few) }
        return .all(names: query.names, of: chosen)
    }

    /// So many series can be looked up for less than a look at everything takes.
    private func mostPairs(for limit: Int) -> Int {
        let rows = Double(max(1, limit)) * Double(count) / Self.rowsForLookup
        return min(limits.pairs, max(Self.alwaysPairs, Int(rows.squareRoot())))
    }

    /// What it takes to find a series' rows, in rows that are looked at meanwhile.
    private static let rowsForLookup = 20.0
    /// So few are looked up whatever else there is.
    private static let alwaysPairs = 8

    private func chosenComponents(_ query: LogQuery) -> [Int64] {
        if let wanted = query.runtimeID {
            var query = query
            query.runtimeID = nil
            let numbers = [wanted] + identifiers.compactMap { $0.value == wanted ? $0.key : nil }
            return numbers.filter { components[$0].map(query.wants) ?? false }
        }
        return components.compactMap { query.wants($0.value) ? $0.key : nil }
    }

    /// - Returns: nil when there are more.
    private func pairs(_ components: [Int64]?, _ wanted: [Int32]?, limit: Int) -> [HistoryPair]? {
        var pairs: [HistoryPair] = []
        func add(_ component: Int64, _ name: Int32) -> Bool {
            pairs.append(HistoryPair(component: component, name: names[Int(name)]))
            return pairs.count <= limit
        }
        if let components {
            let wanted = wanted.map(Set.init)
            for component in components {
                for name in namesOf[component] ?? [] where wanted?.contains(name) ?? true {
                    if !add(component, name) { return nil }
                }
            }
            return pairs
        }
        for name in wanted ?? Array(numbers.values) {
            for component in componentsOf[Int(name)] where !add(component, name) { return nil }
        }
        return pairs
    }
}

/// A component's series of one name.
struct HistoryPair: Sendable, Hashable {
    let component: Int64
    let name: String
}

/// Where a query's rows are looked for.
enum HistoryChoice: Sendable, Hashable {
    /// There are none.
    case nothing
    /// Among these series, one by one.
    case pairs([HistoryPair])
    /// Among all rows, with these names and of these components; nil for any.
    case all(names: Set<String>?, of: [Int64]?)
}
