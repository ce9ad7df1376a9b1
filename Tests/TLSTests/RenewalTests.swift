import AsyncHTTP
import Glibc
import Synchronization
import TestCertificates
import Testing

@testable import TLS

@Suite("TLS: files that change")
struct RenewalTests {
    /// A folder with a certificate and its key, gone at the end.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/tls-XXXXXX".utf8CString)
            path = try unsafe String(cString: #require(mkdtemp(&template)))
        }

        deinit {
            for name in ["cert", "key"] { unsafe unlink("\(path)/\(name)") }
            unsafe rmdir(path)
        }

        func write(_ name: String, _ text: String) throws {
            try RenewalTests.write("\(path)/\(name)", text)
        }

        var configuration: TLSServerConfiguration {
            TLSServerConfiguration(certificate: .file("\(path)/cert"), key: .file("\(path)/key"))
        }

        func make() throws -> ContextStore {
            let configuration = configuration
            let store = ContextStore { files throws(TLSError) in try TLSContext.server(configuration, &files) }
            try store.replace { files throws(TLSError) in try TLSContext.server(configuration, &files) }
            return store
        }
    }

    /// The context that a connection would get now.
    private static func lease(_ store: ContextStore, on loop: EventLoop) async -> Result<TLSContext, TLSError> {
        // Looks that follow each other closely are one.
        try? await loop.clock.sleep(for: .milliseconds(25))
        return await withCheckedContinuation { continuation in
            store.lease(on: loop) { continuation.resume(returning: $0) }
        }
    }

    @Test("a certificate that is renewed is what the next connection gets; one that does not fit its key is not")
    func renewal() throws {
        let folder = try Folder()
        try folder.write("cert", TestCertificates.server)
        try folder.write("key", TestCertificates.serverKey)
        let configuration = folder.configuration
        let server = try ServerTLS(configuration)
        #expect(server.endOfValidity.map { $0 > 4_000_000_000 } == true)
        let store = try folder.make()
        let path = folder.path
        try withEventLoops { group in
            let first = try await Self.lease(store, on: group.first).get()
            #expect(try await Self.lease(store, on: group.first).get() === first)
            try Self.write("\(path)/cert", TestCertificates.renewed)
            #expect(try await Self.lease(store, on: group.first).get() === first)
            try Self.write("\(path)/key", TestCertificates.renewedKey)
            let renewed = try await Self.lease(store, on: group.first).get()
            #expect(renewed !== first)
            _ = unsafe unlink("\(path)/key")
            #expect(try await Self.lease(store, on: group.first).get() === renewed)
        }
    }

    fileprivate static func write(_ path: String, _ text: String) throws {
        let file = try unsafe #require(fopen(path, "w"))
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    @Test("who changes files is told of in words")
    func told() throws {
        let folder = try Folder()
        try folder.write("cert", TestCertificates.server)
        try folder.write("key", TestCertificates.serverKey)
        let told = Mutex<[String]>([])
        let configuration = folder.configuration
        let store = ContextStore(
            renewed: { problem in told.withLock { $0.append(problem?.reason ?? "good") } },
            make: { files throws(TLSError) in try TLSContext.server(configuration, &files) }
        )
        try store.replace { files throws(TLSError) in try TLSContext.server(configuration, &files) }
        let path = folder.path
        try withEventLoops { group in
            for text in ["", TestCertificates.renewed, TestCertificates.server] {
                try Self.write("\(path)/cert", text)
                _ = await Self.lease(store, on: group.first)
                _ = await Self.lease(store, on: group.first)
            }
        }
        #expect(
            told.withLock { $0.map { String($0.prefix(20)) } } == [
                "no certificate is in", "the key is not that ", "good",
            ]
        )
    }

    @Test(
        "what cannot be used is an error that names its file",
        arguments: [
            ("", TestCertificates.serverKey, "cert: no certificate is in it"),
            ("-----BEGIN CERTIFICATE-----\nMIIB\n", TestCertificates.serverKey, "cert: a certificate cannot be read"),
            (TestCertificates.server, "", "key: no key is in it"),
            (TestCertificates.server, TestCertificates.renewedKey, "key: the key is not that of the certificate in "),
            (
                TestCertificates.server, "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n",
                "key: the key cannot be read"
            ),
        ]
    )
    func wrong(_ certificate: String, _ key: String, _ message: String) throws {
        let folder = try Folder()
        try folder.write("cert", certificate)
        try folder.write("key", key)
        let error = #expect(throws: TLSError.self) { try ServerTLS(folder.configuration) }
        #expect("\(try #require(error))".contains(message), "\(String(describing: error))")
    }

    @Test("a client whose authorities are missing says so, and goes on when they are there")
    func authorities() throws {
        let folder = try Folder()
        var configuration = TLSClientConfiguration()
        configuration.authorities = .file("\(folder.path)/cert")
        let store = ContextStore { [configuration] files throws(TLSError) in
            try TLSContext.client(configuration, "name one", &files)
        }
        let path = folder.path
        try withEventLoops { group in
            guard case .failure(let error) = await Self.lease(store, on: group.first) else {
                Issue.record("nothing is wrong")
                return
            }
            #expect(error.path == "\(path)/cert" && error.reason.contains("cannot be read"))
            try Self.write("\(path)/cert", TestCertificates.authority)
            _ = try await Self.lease(store, on: group.first).get()
        }
    }
}
