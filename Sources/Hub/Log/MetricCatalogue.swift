import JSON
import SQLite

/// The names of all metrics that are kept, in memory, so that a part of a name is looked for without a look at the log.
struct MetricCatalogue {
    /// By which it is seen that there may be other names, without reading them.
    private struct Edition: Equatable {
        let lastSeries: Int64
        let firstTable: Int64
    }

    private var edition: Edition?
    private var names: Set<String>

    init(_ names: Set<String> = []) {
        self.names = names
    }

    /// What is there now: nothing is read when no series has come or gone.
    mutating func renew(_ database: Database) throws(SQLiteError) {
        let now = Edition(
            lastSeries: try database.integer("SELECT max(id) FROM series") ?? 0,
            firstTable: try database.integer("SELECT min(first) FROM segment") ?? 0
        )
        if now == edition { return }
        if let edition, edition.firstTable == now.firstTable, edition.lastSeries < now.lastSeries {
            let rows = try database.prepare("SELECT DISTINCT name FROM series WHERE id > ?")
            try rows.bind(edition.lastSeries, at: 1)
            while try rows.step() { names.insert(rows.text(0) ?? "") }
        } else {
            names = Set(try Self.names(database))
        }
        edition = now
    }

    /// - Returns: the name itself if it is one, else all that it is a part of. Large and small letters are not the same.
    func names(for text: String) -> Set<String> {
        let wanted = Array(text.utf8)
        // Texts are their bytes: there are letters that only look the same.
        if let index = names.firstIndex(of: text), names[index].utf8.elementsEqual(wanted) { return [text] }
        return names.filter { Array($0.utf8).holds(wanted) }
    }

    /// In their order. Each step is a search for the next name, over however many series of one.
    static func names(_ database: Database) throws(SQLiteError) -> [String] {
        let rows = try database.prepare(
            """
            WITH RECURSIVE known (name) AS (
                SELECT min(name) FROM series
                UNION ALL SELECT (SELECT min(name) FROM series WHERE name > known.name) FROM known
                WHERE known.name IS NOT NULL
            ) SELECT name FROM known WHERE name IS NOT NULL
            """
        )
        var names: [String] = []
        while try rows.step() { names.append(rows.text(0) ?? "") }
        return names
    }
}
