import SQLite

/// The dictionary as a reader knows it: looked up when something of it is met, and remembered.
final class KnownSeries {
    /// Of each; then all are forgotten.
    private static let remembered = 20_000

    private var series: [Int64: SeriesRow] = [:]
    private var components: [Int64: Component] = [:]
    private let findSeries: Statement
    private let findComponent: Statement

    init(_ database: Database) throws(SQLiteError) {
        findSeries = try database.prepare("SELECT \(SeriesRow.columns) FROM series WHERE id = ?")
        findComponent = try database.prepare("SELECT type, name, instance FROM component WHERE id = ?")
    }

    /// - Returns: nil for one that the dictionary does not have.
    func series(_ id: Int64) throws(SQLiteError) -> SeriesRow? {
        if let known = series[id] { return known }
        try findSeries.bind(id, at: 1)
        defer { findSeries.reset() }
        guard try findSeries.step(), let row = SeriesRow(findSeries) else { return nil }
        if series.count >= Self.remembered { series.removeAll() }
        series[id] = row
        return row
    }

    func component(_ id: Int64) throws(SQLiteError) -> Component? {
        if let known = components[id] { return known }
        try findComponent.bind(id, at: 1)
        defer { findComponent.reset() }
        guard try findComponent.step() else { return nil }
        let component = Component(
            type: findComponent.text(0) ?? "",
            name: findComponent.text(1) ?? "",
            instance: findComponent.text(2)
        )
        if components.count >= Self.remembered { components.removeAll() }
        components[id] = component
        return component
    }
}
