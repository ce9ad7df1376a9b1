import Glibc
import SQLite
import Testing

@Suite("A database")
struct DatabaseTests {
    /// Somewhere in memory: SQLite's own name for it.
    private func memory() throws -> Database { try Database(":memory:", mode: .readWrite, busyTimeout: .zero) }

    @Test(
        "gives back what was bound",
        arguments: ["", "text", "with \u{0} inside", "ⱥ\u{301}", String(repeating: "x", count: 100_000)]
    )
    func text(value: String) throws {
        let database = try memory()
        let statement = try database.prepare("SELECT ?1, ?2, ?3, ?4")
        try statement.bind(value, at: 1)
        try statement.bind(Int64.min, at: 2)
        try statement.bind(String?.none, at: 3)
        try statement.bind(text: Array(value.utf8), at: 4)
        #expect(try statement.step())
        #expect(statement.text(0).map { Array($0.utf8) } == Array(value.utf8))
        #expect(statement.bytes(3) == Array(value.utf8))
        #expect(statement.integer(1) == .min)
        #expect(statement.isNull(2) && statement.text(2) == nil && statement.bytes(2).isEmpty)
        #expect(try !statement.step())
    }

    @Test("says what is wrong in SQLite's words")
    func errors() throws {
        let database = try memory()
        let error = #expect(throws: SQLiteError.self) { try database.prepare("SELECT * FROM missing") }
        #expect(error?.message == "no such table: missing")
        #expect(error?.kind == .other)
        let missing = #expect(throws: SQLiteError.self) {
            try Database("/nowhere/file", mode: .readWrite, busyTimeout: .zero)
        }
        #expect(missing?.kind == .cannotOpen)
    }

    @Test("keeps nothing of a transaction that failed")
    func rollBack() throws {
        let database = try memory()
        try database.execute("CREATE TABLE t (x)")
        #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.execute("INSERT INTO t VALUES (1)")
                try database.execute("INSERT INTO missing VALUES (1)")
            }
        }
        #expect(try database.integer("SELECT count(*) FROM t") == 0)
        try database.transaction { () throws(SQLiteError) in try database.execute("INSERT INTO t VALUES (1)") }
        #expect(try database.integer("SELECT count(*) FROM t") == 1)
    }

    @Test("lives as long as a statement of it")
    func lifetime() throws {
        let statement = try memory().prepare("SELECT 42")
        #expect(try statement.step())
        #expect(statement.integer(0) == 42)
    }

    @Test("can be run again after a row that was not looked at")
    func reset() throws {
        let statement = try memory().prepare("SELECT ?1 UNION ALL SELECT 2")
        for value in [Int64(7), 8] {
            try statement.bind(value, at: 1)
            #expect(try statement.step())
            #expect(statement.integer(0) == value)
            statement.reset()
        }
    }

    @Test("that may only be read refuses to be written")
    func readOnly() throws {
        var template = Array("/tmp/sqlite-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        close(descriptor)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unsafe unlink(path) }
        try Database(path, mode: .readWrite, busyTimeout: .zero).execute("CREATE TABLE t (x)")
        let database = try Database(path, mode: .readOnly, busyTimeout: .zero)
        let error = #expect(throws: SQLiteError.self) { try database.execute("INSERT INTO t VALUES (1)") }
        #expect(error?.kind == .readOnly)
    }
}
