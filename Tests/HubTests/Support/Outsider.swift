import SQLite

/// Somebody with `sqlite3`, who works on the file while the hub has it.
struct Outsider {
    private let database: Database

    init(_ path: String) throws {
        database = try Database(path, mode: .readWrite, busyTimeout: .zero)
    }

    func execute(_ sql: String) throws { try database.execute(sql) }
    func text(_ sql: String) throws -> String? { try database.text(sql) }
    func integer(_ sql: String) throws -> Int64? { try database.integer(sql) }
}
