import AsyncHTTP
import HTTPTestKit
import TestCertificates
import Testing

@testable import TLS

/// What a client learns of a server, and a server of a client, before anything is said.
@Suite("TLS: who is let in")
struct HandshakeTests {
    private static let answer: RequestHandler = { request, responder in
        try await responder.send(.text("you are \(request.identity ?? "nobody")"))
    }

    private func test(
        _ change: (inout TLSServerConfiguration, inout TLSClientConfiguration) -> Void,
        host: String = "localhost"
    ) throws -> HandlerTest {
        var (server, client) = (TestCertificates.serverConfiguration, TestCertificates.clientConfiguration)
        change(&server, &client)
        var test = HandlerTest(handler: Self.answer)
        let security = ClientTLS(client).security(to: .internet(host: host, port: 443))
        test.security = (try ServerTLS(server).security, security)
        return test
    }

    private func ask(_ test: HandlerTest) throws -> HandlerTest.Transcript {
        try test.transcript(of: Array("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
    }

    private static func showClient(_ configuration: inout TLSClientConfiguration) {
        configuration.certificate = .inline(Array(TestCertificates.client.utf8))
        configuration.key = .inline(Array(TestCertificates.clientKey.utf8))
    }

    private static func showUnknown(_ configuration: inout TLSClientConfiguration) {
        configuration.certificate = .inline(Array(TestCertificates.unknown.utf8))
        configuration.key = .inline(Array(TestCertificates.unknownKey.utf8))
    }

    @Test("a server is known by any of its names", arguments: ["localhost", "LOCALHOST", "127.0.0.1", "::1"])
    func names(_ host: String) throws {
        let transcript = try ask(try test({ _, _ in }, host: host))
        #expect(transcript.datelessText.hasSuffix("you are nobody\n"))
        #expect(transcript.statistics.handshakes == 1 && transcript.statistics.failedHandshakes == 0)
    }

    @Test("a server by another name is not spoken to", arguments: ["example.org", "127.0.0.2", "::2", "localhost."])
    func otherNames(_ host: String) throws {
        let transcript = try ask(try test({ _, _ in }, host: host))
        #expect(transcript.answer.isEmpty)
        #expect(transcript.statistics.handshakes == 0 && transcript.statistics.failedHandshakes == 1)
    }

    @Test("the name can be another than that of the host")
    func serverName() throws {
        let transcript = try ask(try test({ $1.serverName = "localhost" }, host: "example.org"))
        #expect(transcript.datelessText.hasSuffix("you are nobody\n"))
    }

    @Test("who is signed by a stranger is not spoken to, unless nobody looks")
    func stranger() throws {
        let stranger = PEMSource.inline(Array(TestCertificates.stranger.utf8))
        #expect(try ask(try test { $1.authorities = stranger }).answer.isEmpty)
        let careless = try ask(
            try test {
                $1.authorities = stranger
                $1.skipsVerification = true
            }
        )
        #expect(careless.datelessText.hasSuffix("you are nobody\n"))
    }

    /// Whom each kind of server lets in: nobody with a certificate, one with a good one, one with a stranger's.
    @Test(
        "which clients are let in, and who has proven to be somebody",
        arguments: [
            (ClientCertificates.none, [true, true, true], [false, false, false]),
            (.requested, [true, true, true], [false, false, false]),
            (.required, [false, true, true], [false, false, false]),
            (.verifiedIfGiven, [true, true, false], [false, true, false]),
            (.requiredAndVerified, [false, true, false], [false, true, false]),
        ]
    )
    func clients(_ wanted: ClientCertificates, _ letsIn: [Bool], _ proves: [Bool]) throws {
        let clients: [(inout TLSClientConfiguration) -> Void] = [{ _ in }, Self.showClient, Self.showUnknown]
        for (index, shows) in clients.enumerated() {
            for version in [TLSVersion.tls12, .tls13] {
                let transcript = try ask(
                    try test {
                        $0.clients = wanted
                        $0.clientAuthorities = .inline(Array(TestCertificates.authority.utf8))
                        $0.greatestVersion = version
                        shows(&$1)
                    }
                )
                let text = transcript.datelessText
                #expect(text.contains("200 OK") == letsIn[index], "\(wanted) \(index) \(version)")
                #expect(text.contains("you are sha256:") == proves[index], "\(wanted) \(index) \(version)")
            }
        }
    }

    @Test(
        "a client has to have one of the names that are allowed",
        arguments: [
            ("scraper.example", true), ("ops@example.org", true), ("spiffe://example/scraper", true),
            ("192.0.2.7", true), ("SCRAPER.example", false), ("scraper", false), ("*.example", false), ("", false),
        ]
    )
    func allowedNames(_ name: String, _ isLetIn: Bool) throws {
        let transcript = try ask(
            try test {
                $0.clients = .requiredAndVerified
                $0.clientAuthorities = .inline(Array(TestCertificates.authority.utf8))
                $0.allowedNames = ["nobody.example", name]
                Self.showClient(&$1)
            }
        )
        #expect(transcript.datelessText.contains("200 OK") == isLetIn)
    }

    @Test(
        "versions that only one side speaks come to nothing",
        arguments: [
            (TLSVersion.tls12, TLSVersion.tls13, true), (.tls13, .tls13, true), (.tls12, .tls12, true),
            (.tls10, .tls11, false),
        ]
    )
    func versions(_ least: TLSVersion, _ greatest: TLSVersion, _ isSpoken: Bool) throws {
        let transcript = try ask(
            try test { server, _ in (server.leastVersion, server.greatestVersion) = (least, greatest) }
        )
        #expect(transcript.datelessText.contains("200 OK") == isSpoken)
    }

    @Test("plain HTTP is told that this is https", arguments: ["GET / HTTP/1.1\r\n", "DELETE /", "x"])
    func plain(_ beginning: String) throws {
        var test = HandlerTest(handler: Self.answer)
        test.security = (
            try ServerTLS(TestCertificates.serverConfiguration).security,
            StreamSecurity { _, use in use(.success(Unchanged())) }
        )
        for network in [NetworkConditions(), .bytewise] {
            let transcript = try test.transcript(
                of: Array(beginning.utf8) + [UInt8](repeating: 0x20, count: 20),
                over: network
            )
            #expect(transcript.datelessText.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(transcript.datelessText.contains("this port speaks https"))
            #expect(!transcript.isReset)
            #expect(transcript.statistics.failedHandshakes == 1)
        }
    }

    @Test(
        "rubbish is closed, and is told so in TLS at most",
        arguments: [
            [UInt8](repeating: 0, count: 100), [22, 3, 1, 255, 255] + [UInt8](repeating: 7, count: 300),
            [22, 3, 1, 0, 4, 1, 0, 0, 0], [0x80, 0x2E, 1, 0, 2], [23, 3, 3, 0, 5, 1, 2, 3, 4, 5],
        ]
    )
    func rubbish(_ bytes: [UInt8]) throws {
        var test = HandlerTest(handler: Self.answer)
        test.security = (
            try ServerTLS(TestCertificates.serverConfiguration).security,
            StreamSecurity { _, use in use(.success(Unchanged())) }
        )
        for network in NetworkConditions.usual {
            let transcript = try test.transcript(of: bytes, over: network)
            #expect(!transcript.isStuck && transcript.answer.count < 20)
            #expect(transcript.statistics.connectionsOpen == 0 && transcript.statistics.answers == 0)
        }
    }
}

/// A layer that changes nothing.
private final class Unchanged: StreamLayer {
    let isEstablished = true
    let holdsMore = false
    let identity: String? = nil
    let problem: String? = nil

    func establish(over lower: ByteStream) -> LayerStep { .bytes(0) }

    func receive(into memory: inout MutableRawSpan, over lower: ByteStream) -> LayerStep {
        step(lower.receive(into: &memory), .read)
    }

    func send(_ bytes: RawSpan, over lower: ByteStream) -> LayerStep { step(lower.send(bytes), .write) }

    func finish(over lower: ByteStream) -> LayerStep { .bytes(0) }

    private func step(_ transfer: Transfer, _ need: ByteStream.Interest) -> LayerStep {
        switch transfer {
        case .bytes(let count): .bytes(count)
        case .wouldBlock: .needs(need)
        case .failed: .failed
        }
    }
}
