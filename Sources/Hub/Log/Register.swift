import SQLite

/// Who may report where only those may who were registered.
struct Register {
    private let find: Statement
    private let add: Statement
    private let remove: Statement

    init(_ database: Database) throws(SQLiteError) {
        let isIt = "type = ?1 AND name = ?2 AND instance = ?3"
        find = try database.prepare("SELECT 1 FROM registration WHERE \(isIt)")
        add = try database.prepare(
            """
            INSERT INTO registration VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (type, name, instance) DO UPDATE SET registered = excluded.registered
            """
        )
        remove = try database.prepare("DELETE FROM registration WHERE \(isIt)")
    }

    func holds(_ component: Component) throws(SQLiteError) -> Bool {
        try bind(component, to: find)
        defer { find.reset() }
        return try find.step()
    }

    /// - Parameter moment: the last time that it was registered is kept.
    func add(_ component: Component, at moment: Int64) throws(SQLiteError) {
        try bind(component, to: add)
        try add.bind(moment, at: 4)
        try add.run()
    }

    func remove(_ component: Component) throws(SQLiteError) {
        try bind(component, to: remove)
        try remove.run()
    }

    /// A component without an instance is the same as one whose instance is empty.
    private func bind(_ component: Component, to statement: Statement) throws(SQLiteError) {
        try statement.bind(component.type, at: 1)
        try statement.bind(component.name, at: 2)
        try statement.bind(component.instance ?? "", at: 3)
    }

    static func count(_ database: Database) throws(SQLiteError) -> Int64 {
        try database.integer("SELECT count(*) FROM registration") ?? 0
    }

    static func read(_ database: Database) throws(SQLiteError) -> [Component] {
        let rows = try database.prepare("SELECT type, name, nullif(instance, '') FROM registration")
        var components: [Component] = []
        while try rows.step() {
            components.append(Component(type: rows.text(0) ?? "", name: rows.text(1) ?? "", instance: rows.text(2)))
        }
        return components
    }
}
