import AsyncHTTP
import Glibc
import Postgres
import TestPostgres
import Testing

@Suite("A connection to PostgreSQL")
struct ConnectionTests {
    private static let ways: [(String, String)] = [
        ("through a socket", ""),
        ("over TCP", "&host=127.0.0.1&sslmode=disable"),
        ("to a name", "&host=localhost&sslmode=disable"),
        ("encrypted, and sure of the server", "&host=localhost&sslmode=verify-full&sslrootcert=CERTIFICATE"),
        ("with the password bound to the channel", "&host=localhost&sslmode=require&channel_binding=require"),
        ("to the second of two hosts", "&host=127.0.0.1,127.0.0.1&port=1,PORT"),
    ]

    @Test("is made", arguments: ways.indices)
    func made(index: Int) throws {
        let database = try TestDatabase()
        let (name, way) = Self.ways[index]
        let options = way.replacing("CERTIFICATE", with: "\(database.server.directory)/server.crt")
            .replacing("PORT", with: "\(database.server.port)")
        var url = database.url
        if options.contains("host=") {
            url = url.replacing("?host=\(database.server.directory)", with: "?")
            if options.contains("port=") { url = url.replacing("&port=\(database.server.port)", with: "") }
        }
        let connection = try PostgresConnection(PostgresConfiguration((url + options).replacing("?&", with: "?")))
        let row = try connection.query(
            """
            SELECT ssl, current_setting('application_name'), current_setting('statement_timeout')
            FROM pg_stat_ssl WHERE pid = pg_backend_pid()
            """
        )
        #expect(
            row.text(0, 0) == (way.contains("verify-full") || way.contains("require") || index == 5 ? "t" : "f"),
            "\(name)"
        )
        #expect(row.text(0, 1) == "agent-hub")
        #expect(row.text(0, 2) == "30s")
        #expect(connection.serverVersion >= 150_000)
    }

    @Test("is refused with a reason, and without the password")
    func refused() throws {
        let database = try TestDatabase()
        let wrong = database.url.replacing(":secret@", with: ":hushhush@")
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConnection(PostgresConfiguration(wrong)) }
        #expect(error?.kind == .connection)
        #expect(error?.description.contains("password authentication failed") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hushhush") == false)
        let unsure =
            database.url.replacing("?host=\(database.server.directory)", with: "?host=localhost")
            + "&sslmode=verify-full&sslrootcert=/nowhere.crt"
        let uncertain = #expect(throws: PostgresError.self) {
            _ = try PostgresConnection(PostgresConfiguration(unsure))
        }
        #expect(uncertain?.description.contains("/nowhere.crt") == true)
    }

    @Test("says the server's reason and its code, and goes on")
    func errors() throws {
        let connection = try TestDatabase().connect()
        let kinds: [(String, String, PostgresError.Kind)] = [
            ("SELECT 1/0", "22012", .row), ("SELECT * FROM nothing", "42P01", .other),
            ("SELECT pg_terminate_backend(1, 'x')", "22P02", .row),
            ("SET statement_timeout = 1; SELECT pg_sleep(9)", "57014", .conflict),
        ]
        for (sql, state, kind) in kinds {
            let error = #expect(throws: PostgresError.self) { try connection.execute(sql) }
            #expect(error?.state == state)
            #expect(error?.kind == kind)
            try connection.execute("RESET statement_timeout")
        }
        #expect(try connection.query("SELECT $1::int + 1, $2::text", ["41", nil]).integer(0, 0) == 42)
    }

    @Test("writes all of a transaction or nothing")
    func transactions() throws {
        let connection = try TestDatabase().connect()
        try connection.execute("CREATE TABLE t (a int CHECK (a > 0))")
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction { () throws(PostgresError) in
                try connection.execute("INSERT INTO t VALUES (1)")
                try connection.execute("INSERT INTO t VALUES (0)")
            }
        }
        #expect(error?.state == "23514")
        // Somebody has looked away: COMMIT then says that it has rolled back.
        let unseen = #expect(throws: PostgresError.self) {
            try connection.transaction { () throws(PostgresError) in
                try? connection.execute("INSERT INTO t VALUES (0)")
            }
        }
        #expect(unseen?.kind == .other)
        try connection.transaction { () throws(PostgresError) in try connection.execute("INSERT INTO t VALUES (2)") }
        #expect(try connection.query("SELECT a FROM t").integer(0, 0) == 2)
    }

    @Test("copies all rows or none, and can be used afterwards")
    func copying() throws {
        let connection = try TestDatabase().connect()
        try connection.execute("CREATE TABLE t (a bigint, b text)")
        var rows = CopyText()
        for number in 0..<20_000 {
            rows.append(Int64(number))
            rows.append(String(repeating: "x", count: 40))
            rows.endRow()
        }
        #expect(try connection.copy(into: "t", rows) == 20_000)
        rows.append("no number")
        rows.endRow()
        let error = #expect(throws: PostgresError.self) { _ = try connection.copy(into: "t", rows) }
        #expect(error?.kind == .row)
        let missing = #expect(throws: PostgresError.self) { _ = try connection.copy(into: "nothing", rows) }
        #expect(missing?.state == "42P01")
        #expect(try connection.copy(into: "t", CopyText()) == 0)
        #expect(try connection.query("SELECT count(*) FROM t").integer(0, 0) == 20_000)
    }

    @Test("that is ended by the server says so, in a statement and in a copy", arguments: [false, true])
    func ended(isCopying: Bool) throws {
        let database = try TestDatabase()
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t (a bigint)")
        let process = try #require(try connection.query("SELECT pg_backend_pid()").integer(0, 0))
        try #require(process > 1)
        _ = try database.answer("SELECT pg_terminate_backend(\(process), 10000)")
        let error = #expect(throws: PostgresError.self) {
            if isCopying {
                _ = try connection.copy(into: "t", CopyText())
            } else {
                try connection.execute("SELECT 1")
            }
        }
        #expect(error?.kind == .connection)
        #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    }

    @Test(
        "to a server that hangs is broken off from another thread, in a statement and in a copy",
        arguments: [false, true]
    )
    func hanging(isCopying: Bool) throws {
        let database = try TestDatabase()
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t (a text)")
        let process = try #require(try connection.query("SELECT pg_backend_pid()").integer(0, 0))
        try #require(process > 1)
        kill(pid_t(process), SIGSTOP)
        defer { kill(pid_t(process), SIGCONT) }
        let breaker = connection.breaker
        let thread = WorkThread(capacity: 1)
        try thread.submit { breaker.breakOff() }
        let error = #expect(throws: PostgresError.self) {
            if isCopying {
                var rows = CopyText()
                for _ in 0..<100 {
                    rows.append(String(repeating: "x", count: 100_000))
                    rows.endRow()
                }
                _ = try connection.copy(into: "t", rows)
            } else {
                try connection.execute("SELECT 1")
            }
        }
        #expect(error?.kind == .brokenOff)
        thread.stop()
    }

    @Test("plans a statement once that is run again, and as many as there are")
    func again() throws {
        let connection = try TestDatabase().connect()
        for number in 0..<40 {
            for text in ["a", nil, "b"] {
                let rows = try connection.again("SELECT \(number), $1::text", [text])
                #expect(rows.integer(0, 0) == Int64(number) && rows.text(0, 1) == text)
            }
        }
        let held = try connection.query(
            "SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements"
        )
        #expect(try #require(held.integer(0, 0)) <= 16)
        #expect(held.integer(0, 1) == held.integer(0, 0).map { 3 * $0 })
        // One that cannot be planned takes no name from another.
        #expect(throws: PostgresError.self) { try connection.again("SELECT nothing", []) }
        #expect(try connection.again("SELECT $1::int + 1", ["1"]).integer(0, 0) == 2)
        #expect(throws: PostgresError.self) { try connection.again("SELECT $1::int + 1", ["x"]) }
        #expect(try connection.again("SELECT $1::int + 1", ["3"]).integer(0, 0) == 4)
    }
}
