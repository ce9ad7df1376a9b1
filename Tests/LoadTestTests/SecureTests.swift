import AsyncHTTP
import TLS
import TestCertificates
import Testing

@testable import LoadTestKit

@Suite("Loads over TLS")
struct SecureTests {
    /// Loads a server of its own, with both sides set up as a test wants it.
    private func loaded(
        server change: (inout TLSServerConfiguration) -> Void = { _ in },
        client changeClient: (inout TLSClientConfiguration) -> Void = { _ in },
        _ changeSettings: (inout LoadSettings) -> Void = { $0.requests = 20 },
        bytes: Int = 0
    ) throws -> LoadReport {
        var (server, client) = (TestCertificates.serverConfiguration, TestCertificates.clientConfiguration)
        change(&server)
        changeClient(&client)
        let settings = quickSettings { settings in
            settings.rate = nil
            settings.duration = nil
            settings.tls = client
            changeSettings(&settings)
        }
        let body = [UInt8](repeating: 0x78, count: bytes) + [0x0A]
        return try LoadTestTests.loaded(settings, security: try ServerTLS(server).security) { _, responder in
            try await responder.send(Response(body: body))
        }
    }

    private func show(_ certificate: String, _ key: String, _ configuration: inout TLSClientConfiguration) {
        configuration.certificate = .inline(Array(certificate.utf8))
        configuration.key = .inline(Array(key.utf8))
    }

    private func requireClients(_ configuration: inout TLSServerConfiguration) {
        configuration.clients = .requiredAndVerified
        configuration.clientAuthorities = .inline(Array(TestCertificates.authority.utf8))
    }

    @Test("answers are whole, however many records they have", arguments: [0, 1, 7400, 16_384, 65_536, 1_000_000])
    func whole(bytes: Int) throws {
        let report = try loaded(bytes: bytes)
        #expect(report.measurement.answers == 20)
        #expect(report.measurement.failures == FailureCounts())
        #expect(report.measurement.bytes > 20 * UInt64(bytes))
    }

    @Test("a connection is kept, and made anew where it is not to be", arguments: [true, false])
    func connections(isKept: Bool) throws {
        let accepted = Tally()
        let server = try ServerTLS(TestCertificates.serverConfiguration).security
        let counting = StreamSecurity { loop, use in
            accepted.add()
            server.open(loop, use)
        }
        let settings = quickSettings { settings in
            settings.rate = nil
            settings.duration = nil
            settings.requests = 20
            settings.connections = 2
            settings.keepAlive = isKept
            settings.tls = TestCertificates.clientConfiguration
        }
        let report = try LoadTestTests.loaded(settings, security: counting)
        #expect(report.measurement.answers == 20)
        #expect(accepted.count == (isKept ? 2 : 20))
    }

    @Test(
        "a server that cannot be believed is a failure of TLS, with its reason",
        arguments: [
            (TestCertificates.stranger, nil, "the server's certificate cannot be verified: "),
            (TestCertificates.authority, "example.org", "the server's certificate is not for example.org"),
        ] as [(String, String?, String)]
    )
    func distrusted(authority: String, name: String?, reason: String) throws {
        let report = try loaded(client: {
            $0.authorities = .inline(Array(authority.utf8))
            $0.serverName = name
        })
        #expect(report.measurement.failures[.tls] == 20)
        #expect(report.measurement.failures.total == 20)
        let example = try #require(report.measurement.failures.example(of: .tls))
        #expect(example.hasPrefix(reason), "\(example)")
        #expect(JSONReport.text(report).contains(example))
    }

    @Test("nobody looks at certificates where nobody wants to")
    func insecure() throws {
        let report = try loaded(client: {
            $0.authorities = .inline(Array(TestCertificates.stranger.utf8))
            $0.skipsVerification = true
        })
        #expect(report.measurement.answers == 20)
    }

    @Test("a client that has to show a certificate is let in by the right one alone")
    func clients() throws {
        let known = try loaded(
            server: requireClients,
            client: {
                show(TestCertificates.client, TestCertificates.clientKey, &$0)
            }
        )
        #expect(known.measurement.answers == 20)
        // By TLS 1.3 the server says so when the handshake is over for the client.
        for report in [
            try loaded(server: requireClients),
            try loaded(
                server: requireClients,
                client: {
                    show(TestCertificates.unknown, TestCertificates.unknownKey, &$0)
                }
            ),
        ] {
            #expect(report.measurement.failures[.tls] == 20)
            #expect(report.measurement.failures.total == 20)
        }
    }

    @Test(
        "a server that speaks something else, nothing at all or not to the end is a failure of TLS",
        arguments: [
            (.says("HTTP/1.1 400 Bad Request\r\n\r\n"), "wrong version number"), (.hangs, "no handshake in time"),
            (.saysAndCloses("\u{16}\u{3}\u{3}"), "the peer has closed the connection (unexpected eof while reading)"),
            (.resets, "the peer has closed the connection (unexpected eof while reading)"),
        ] as [(Fault, String)]
    )
    func otherLanguages(fault: Fault, reason: String) throws {
        let settings = quickSettings { settings in
            settings.requests = 4
            settings.duration = nil
            settings.timeout = .milliseconds(100)
            settings.tls = TestCertificates.clientConfiguration
        }
        let (report, connections) = try LoadTestTests.loaded(settings, scheme: "https", fault)
        #expect(connections == 4)
        #expect(report.measurement.failures[.tls] == 4)
        #expect(report.measurement.failures.example(of: .tls) == reason)
    }

    @Test("certificates that cannot be read are told before the run")
    func unreadable() throws {
        for text in ["/nonexistent/ca.pem", "/dev/null"] {
            let plan = LoadPlan(
                [try ClientURL("https://127.0.0.1:1/")],
                quickSettings { $0.tls.authorities = .file(text) }
            )
            let error = #expect(throws: TLSError.self) { try LoadRun(plan) }
            #expect("\(try #require(error))".hasPrefix(text))
        }
    }

    @Test("over plain HTTP nothing is read and nothing encrypted")
    func unused() throws {
        let plan = LoadPlan(
            [try ClientURL("http://127.0.0.1:1/")],
            quickSettings { $0.tls.authorities = .file("/nonexistent/ca.pem") }
        )
        _ = try LoadRun(plan)
        #expect(try LoadTarget(plan.urls[0], plan, LoadInputs(), ClientTLS()).security == nil)
    }
}
