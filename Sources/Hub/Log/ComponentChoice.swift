import AsyncHTTP
import SQLite

/// Whose reports a query looks at, found in the dictionary before any report is read.
struct ComponentChoice {
    /// More than these are not looked up one by one: all reports are read.
    private static let few = 64

    /// Nil for too many to name.
    let components: [Int64]?
    /// When reports with the wanted times have arrived, at the earliest and at the latest.
    let arrivals: ClosedRange<Int64>

    init(_ query: LogQuery, _ database: Database) throws(SQLiteError) {
        let named = query.names.map { $0.prefix(Self.few + 1).sorted() }
        let isNamed = named.map { $0.count <= Self.few } ?? false
        let isAll = query.componentName == nil && query.componentType == nil && query.runtimeID == nil && !isNamed
        let conditions = [
            "(?1 IS NULL OR name = ?1) AND (?2 IS NULL OR type = ?2) AND (?3 IS NULL OR runtime_id = ?3)",
            isNamed ? "id IN (SELECT component FROM series WHERE name IN (\(Self.places(named?.count ?? 0))))" : "1",
        ]
        let rows = try database.prepare(
            """
            SELECT count(*), max(lag), max(lead), min(id), max(id) FROM component
            WHERE \(conditions.joined(separator: " AND "))
            """
        )
        try Self.bind(query, isNamed ? named ?? [] : [], to: rows)
        guard try rows.step(), rows.integer(0) > 0 else {
            (components, arrivals) = ([], 0...0)
            return
        }
        let earliest = (query.start ?? .min).subtractingClamped(rows.integer(2))
        let latest = (query.end ?? .max).addingClamped(rows.integer(1))
        arrivals = min(earliest, latest)...latest
        guard !isAll, rows.integer(0) <= Self.few else {
            components = nil
            return
        }
        rows.reset()
        let ids = try database.prepare("SELECT id FROM component WHERE \(conditions.joined(separator: " AND "))")
        try Self.bind(query, isNamed ? named ?? [] : [], to: ids)
        var found: [Int64] = []
        while try ids.step() { found.append(ids.integer(0)) }
        components = found
    }

    private static func places(_ count: Int) -> String {
        (0..<count).map { "?\($0 + 4)" }.joined(separator: ", ")
    }

    private static func bind(_ query: LogQuery, _ names: [String], to rows: Statement) throws(SQLiteError) {
        try rows.bind(query.componentName, at: 1)
        try rows.bind(query.componentType, at: 2)
        try rows.bind(query.runtimeID, at: 3)
        for (index, name) in names.enumerated() { try rows.bind(name, at: Int32(index + 4)) }
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}
