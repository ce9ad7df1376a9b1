import Glibc
package import Postgres
import Synchronization

/// A server of PostgreSQL that ends with the process.
package final class TestPostgres: Sendable {
    package struct Failure: Error {
        package let command: String
        package let status: Int32
    }

    /// One for all tests that leave it running: a new one takes two seconds.
    package static let shared = Result { try TestPostgres() }

    private static let script = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/postgres"
    private static let databases = Atomic(0)

    /// Of its socket; the certificate is in it, too.
    package let directory: String
    package let port: Int

    package init() throws {
        let words = try Self.run("start \(getpid())").split { $0.isWhitespace }
        directory = String(words[0])
        port = Int(words[1]) ?? 0
    }

    /// Until then nobody can connect, and who was connected is not any more.
    package func stop() throws { _ = try Self.run("stop \(directory)") }
    package func resume() throws { _ = try Self.run("resume \(directory)") }

    /// A new and empty database.
    package func database() throws -> TestDatabase {
        let name = "test\(Self.databases.add(1, ordering: .relaxed).newValue)"
        try PostgresConnection(PostgresConfiguration(url(of: "postgres"))).execute("CREATE DATABASE \(name)")
        return TestDatabase(server: self, name: name)
    }

    func url(of database: String) -> String {
        "postgres://tester:secret@/\(database)?host=\(directory)&port=\(port)"
    }

    private static func run(_ command: String) throws -> String {
        guard let pipe = unsafe popen("\(script) \(command)", "r") else {
            throw Failure(command: command, status: errno)
        }
        var (text, line) = ("", [CChar](repeating: 0, count: 1024))
        while unsafe fgets(&line, Int32(line.count), pipe) != nil {
            text += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        let status = unsafe pclose(pipe)
        if status != 0 { throw Failure(command: command, status: status) }
        return text
    }
}

/// A database that one test has to itself.
package struct TestDatabase: Sendable {
    package let server: TestPostgres
    package let name: String

    package init(_ server: Result<TestPostgres, any Error> = TestPostgres.shared) throws {
        self = try server.get().database()
    }

    fileprivate init(server: TestPostgres, name: String) {
        self.server = server
        self.name = name
    }

    /// Through the socket, with a password.
    package var url: String { server.url(of: name) }

    package func configuration() throws -> PostgresConfiguration { try PostgresConfiguration(url) }

    package func connect() throws -> PostgresConnection { try PostgresConnection(configuration()) }

    /// What a query says, a line for each row and a bar between columns.
    package func answer(_ sql: String) throws -> String {
        let rows = try connect().query(sql)
        return (0..<rows.count).map { row in
            (0..<rows.width).map { rows.text(row, $0) ?? "null" }.joined(separator: "|")
        }.joined(separator: "\n")
    }

    /// What a query counts.
    package func number(_ sql: String) throws -> Int { Int(try answer(sql)) ?? -1 }
}
