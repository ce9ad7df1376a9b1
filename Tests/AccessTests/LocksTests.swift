import AsyncHTTP
import Digests
import Glibc
import TestCertificates
import Testing

@testable import Access

@Suite("Locks: what a file decides, and decides again")
struct LocksTests {
    private static let hash = "$2b$04$abcdefghijklmnopqrstuuN1NflNyV7AM93CFiAbAs.z1K4RnXxzu"

    /// A web configuration file, gone at the end.
    private final class WebFile: Sendable {
        let path: String

        init(_ text: String) throws {
            var template = Array("/tmp/web-XXXXXX".utf8CString)
            let descriptor = unsafe mkstemp(&template)
            close(descriptor)
            path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            try write(text)
        }

        deinit {
            _ = unsafe unlink(path)
        }

        func write(_ text: String) throws {
            let file = try unsafe #require(fopen(path, "w"))
            unsafe fputs(text, file)
            unsafe fclose(file)
        }
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    private static let encrypted =
        "tls_server_config:\n  cert: |\n\(indented(TestCertificates.server))  key: |\n\(indented(TestCertificates.serverKey))"

    private static func health() throws -> OpenHealth {
        let answer = try PreparedResponse(.text("ok"))
        return OpenHealth { _ in answer }
    }

    private static func withServer(
        _ text: String,
        _ body: @escaping @Sendable (Locks, HTTPServer, WebFile, HTTPClient) async throws -> Void
    ) throws {
        let file = try WebFile(text)
        let locks = try Locks(file.path, realm: "test", health: try health())
        try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                middleware: locks.middleware
            ) { _, responder in try await responder.send(.text("in")) }
            try locks.prepare(server)
            let client = HTTPClient(.internet(host: "127.0.0.1", port: server.port ?? 0), on: group.first)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                defer { server.shutdown(gracefully: false) }
                try await body(locks, server, file, client)
            }
        }
    }

    @Test("a file is read again: who may, what is said with answers, how often")
    func reload() throws {
        try Self.withServer("health_without_auth: true\n") { locks, server, file, client in
            #expect(!locks.areSecure && locks.security == nil && locks.endOfCertificate == nil)
            #expect(try await client.get("/").status == 200)
            try file.write(
                "basic_auth_users: {u: \(Self.hash)}\nhttp_server_config: {headers: {X-Frame-Options: deny}}\n"
            )
            _ = try locks.reload(for: [server])
            let refused = try await client.get("/")
            #expect(refused.status == 401 && refused.fields["X-Frame-Options"] == "deny")
            #expect(locks.statistics.missing == 1)
            try file.write("basic_auth_users: {v: \(Self.hash)}\nrate_limit: {interval: 1h, burst: 1}\n")
            _ = try locks.reload(for: [server])
            let limited = try await client.get("/")
            #expect(limited.status == 401 && limited.fields["X-Frame-Options"] == nil)
            #expect(try await client.get("/").status == 429)
            #expect(locks.statistics.rateLimited == 1)
        }
    }

    @Test(
        "a file that is wrong, would switch encryption on or let everybody in, changes nothing",
        arguments: [": x", "no_key: 1", encrypted, "", "rate_limit: {interval: 1h, burst: 1}"]
    )
    func wrongReload(_ text: String) throws {
        try Self.withServer("basic_auth_users: {u: \(Self.hash)}\n") { locks, server, file, client in
            try file.write(text)
            #expect(throws: WebFileError.self) { try locks.reload(for: [server]) }
            #expect(try await client.get("/").status == 401)
        }
    }

    @Test("what is known of requests, passwords among it, is not kept after a reload")
    func forgets() throws {
        let file = try WebFile(
            "bearer_tokens: [{name: t, sha256: \(Digest.sha256(Array("secret".utf8)).hexadecimal)}]\n"
        )
        let locks = try Locks(file.path, realm: "test", health: try Self.health())
        let standing = try PreparedResponse(.text("in"))
        var fields = HeaderFields()
        try fields.append("Authorization", "Bearer secret")
        try withEventLoops { [fields] group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                middleware: locks.middleware,
                standing: { _ in standing }
            ) { _, responder in try await responder.send(standing) }
            let client = HTTPClient(.internet(host: "127.0.0.1", port: server.port ?? 0), on: group.first)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                defer { server.shutdown(gracefully: false) }
                for _ in 0..<3 { #expect(try await client.get("/", fields: fields).status == 200) }
                #expect(server.statistics.pendingBytes > 0)
                _ = try locks.reload(for: [server])
                #expect(server.statistics.pendingBytes == 0)
            }
        }
    }

    @Test("encryption can be read again, and not be switched off")
    func encryption() throws {
        let file = try WebFile(Self.encrypted)
        #expect(try Locks.check(file.path))
        let locks = try Locks(file.path, realm: "test", health: try Self.health())
        #expect(locks.areSecure && locks.endOfCertificate != nil)
        try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                security: locks.security,
                middleware: locks.middleware
            ) { _, responder in try await responder.send(.text("in")) }
            #expect(server.isSecure)
            _ = try locks.reload(for: [server])
            try file.write("")
            #expect(throws: WebFileError.self) { try locks.reload(for: [server]) }
            server.shutdown(gracefully: false)
        }
        #expect(try Locks.check(file.path) == false)
    }
}
