import Glibc
import TestPostgres
import Testing

@testable import Postgres

@Suite("The address of a server")
struct ConfigurationTests {
    @Test(
        "is refused with a reason, and without what may be a password",
        arguments: [
            "postgres://user:hush\"hush@host/db?hush=hush", "host=x hush", "postgres://user:hush@[::1/db",
            "host='hush", "postgres://a:%zzhush@b/c", "postgres://u:hush@h/d?sslmode", "hush\u{0}",
        ]
    )
    func refused(address: String) throws {
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConfiguration(address) }
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("hush") == false, "\(error?.description ?? "")")
        #expect(error?.description.isEmpty == false)
    }

    @Test(
        "is shown without what is nobody's business",
        arguments: [
            ("postgres://user:hush@db1:5433,db2:5434/metrics?sslmode=require", "db1:5433,db2:5434/metrics"),
            ("host=/run/postgres user=u password=hush dbname=d port=5433", "/run/postgres/d"),
            ("user=u password=hush", "local/u"), ("service=metrics password=hush", "service metrics"),
            ("hostaddr=10.0.0.1 user=u", "10.0.0.1/u"),
        ]
    )
    func shown(address: String, expected: String) throws {
        #expect(try PostgresConfiguration(address).description == expected)
    }

    @Test("gets addresses beside names, our limits, and keeps its own")
    func parameters() throws {
        let configuration = try PostgresConfiguration(
            "postgres://u:p@localhost:1,10.0.0.1:2/d?connect_timeout=3&application_name=mine&ssl_min_protocol_version=TLSv1.3"
        )
        let found = Dictionary(uniqueKeysWithValues: try configuration.connectionParameters())
        let expected = [
            "host": "localhost,localhost,10.0.0.1", "hostaddr": "127.0.0.1,::1,10.0.0.1", "port": "1,1,2",
            "connect_timeout": "3", "application_name": "mine", "tcp_user_timeout": "20000", "user": "u",
            "password": "p", "dbname": "d", "ssl_min_protocol_version": "TLSv1.3", "client_encoding": "UTF8",
        ]
        for (keyword, value) in expected { #expect(found[keyword] == value, "\(keyword)") }
        #expect(found["ssl_max_protocol_version"] == nil)
    }

    @Test("leaves out a name that nobody knows while there are others, and names it when there are none")
    func unknown() throws {
        let two = try PostgresConfiguration("host=no-such-name.invalid,127.0.0.1 user=u")
        #expect(try two.connectionParameters().first { $0.0 == "hostaddr" }?.1 == "127.0.0.1")
        let one = try PostgresConfiguration("host=no-such-name.invalid user=u password=hush")
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConnection(one) }
        #expect(error?.kind == .resolution)
        #expect(error?.description.hasPrefix("no-such-name.invalid: ") == true, "\(error?.description ?? "")")
    }

    @Test("is found in a service file, which is read again for each connection")
    func service() throws {
        let database = try TestDatabase()
        let file = "\(database.server.directory)/service-\(database.name)"
        unsafe setenv("PGSERVICEFILE", file, 1)
        defer { unsafe unsetenv("PGSERVICEFILE") }
        func write(_ lines: String) throws {
            let opened = try unsafe #require(fopen(file, "w"))
            unsafe fputs("[metrics]\n\(lines)\n", opened)
            unsafe fclose(opened)
        }
        try write("host=nowhere.invalid\nuser=u")
        let configuration = try PostgresConfiguration("service=metrics")
        #expect(throws: PostgresError.self) { _ = try PostgresConnection(configuration) }
        try write(
            """
            host=\(database.server.directory)
            port=\(database.server.port)
            user=tester
            password=secret
            dbname=\(database.name)
            """
        )
        #expect(try PostgresConnection(configuration).query("SELECT current_database()").text(0, 0) == database.name)
        let missing = #expect(throws: PostgresError.self) {
            _ = try PostgresConnection(PostgresConfiguration("service=other"))
        }
        #expect(missing?.kind == .configuration)
    }

    @Test(
        "whose password ends before its end is not one, and no piece of it is said",
        arguments: [
            "postgres://hub:xq7/retzz8@db.invalid/metrics", "postgres://u:xq7@retzz8@nohost.invalid/db",
            "postgres://hub:12/retzz8@db/metrics", "postgresql://hub:xq7#/retzz8@db/metrics",
        ]
    )
    func cutShort(address: String) {
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConfiguration(address) }
        #expect(error?.kind == .configuration)
        #expect(
            error.map { !"\($0)".contains("zz8") && !"\($0)".contains("xq7") } == true
        )
    }

    @Test(
        "may have an `@` where nothing ends there",
        arguments: ["postgres://u:p%40x@h/d?options=a@b", "host=@socket user=u", "postgres://hub:a?b@h/d"]
    )
    func signs(address: String) throws {
        _ = try PostgresConfiguration(address)
    }
}
