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

    @Test("who is named is believed, also when somebody else has signed it")
    func named() throws {
        let transcript = try ask(try test { $1.authorities = .inline(Array(TestCertificates.server.utf8)) })
        #expect(transcript.datelessText.hasSuffix("you are nobody\n"))
        let renewed = try ask(try test { $1.authorities = .inline(Array(TestCertificates.renewed.utf8)) })
        #expect(renewed.answer.isEmpty)
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

    @Test("a flight of many records is read to its end, however much it is")
    func longFlight() throws {
        let chain = TestCertificates.server + String(repeating: "\n" + TestCertificates.authority, count: 80)
        let test = try test { server, _ in server.certificate = .inline(Array(chain.utf8)) }
        // In few pieces: byte by byte it is only slow, and there is never more than one share.
        for network in [NetworkConditions(), .cut(after: 20_000), .cut(after: 16_384)] {
            let transcript = try test.transcript(of: Array("GET / HTTP/1.0\r\n\r\n".utf8), over: network)
            #expect(transcript.datelessText.contains("200 OK") && !transcript.isStuck, "\(network)")
        }
    }

    @Test(
        "a server that says goodbye instead of who it is, is refused",
        arguments: [1, 2, 3],
        [[0x15, 3, 3, 0, 2, 1, 0], [0x15, 3, 3, 0, 2, 2, 40]] as [[UInt8]]
    )
    func goodbye(_ times: Int, _ alert: [UInt8]) throws {
        let security = ClientTLS(TestCertificates.clientConfiguration).security(
            to: .internet(host: "localhost", port: 443)
        )
        try withEventLoops { group in
            let (lower, far) = MemoryStream.pair(on: group.first)
            let stream = LayeredStream(security, over: lower, on: group.first)
            stream.setDeadline(.now.advanced(by: .seconds(10)))
            for _ in 0..<times { _ = far.send(alert, [], [], skipping: 0) }
            do throws(StreamFailure) {
                try await stream.establishAll()
                try await stream.sendAll([1])
                Issue.record("it is established")
            } catch {
                if case .refused = error {} else { Issue.record("\(error)") }
            }
            stream.close()
            far.close()
        }
    }

    @Test("what a handshake under way looks at is there, whatever replaces it meanwhile")
    func replaced() throws {
        var configuration = TestCertificates.serverConfiguration
        configuration.clients = .requiredAndVerified
        configuration.clientAuthorities = .inline(Array(TestCertificates.authority.utf8))
        configuration.allowedNames = ["scraper.example"]
        let server = try ServerTLS(configuration)
        var shown = TestCertificates.clientConfiguration
        Self.showClient(&shown)
        let client = ClientTLS(shown).security(to: .internet(host: "localhost", port: 443))
        try withEventLoops { [configuration] group in
            let (near, far) = MemoryStream.pair(on: group.first)
            let ends = (
                LayeredStream(client, over: near, on: group.first),
                LayeredStream(server.security, over: far, on: group.first)
            )
            for end in [ends.0, ends.1] { end.setDeadline(.now.advanced(by: .seconds(10))) }
            while ends.0.establish() == .wouldBlock {
                try server.replace(with: configuration)
                _ = ends.1.establish()
                try await group.first.clock.sleep(for: .milliseconds(1))
            }
            while ends.1.establish() == .wouldBlock { _ = await ends.1.wait(for: .either) }
            #expect(ends.1.identity?.hasPrefix("sha256:") == true)
            ends.0.close()
            ends.1.close()
        }
    }

    /// A peer that speaks no TLS. Its server waits longer than it does, so that whoever is forgotten is found.
    private func plainTest() throws -> HandlerTest {
        var limits = ServerLimits()
        limits.headerTimeout = .seconds(30)
        var test = HandlerTest(limits: limits, handler: Self.answer)
        test.security = (
            try ServerTLS(TestCertificates.serverConfiguration).security,
            StreamSecurity { _, use in use(.success(Unchanged())) }
        )
        return test
    }

    @Test("plain HTTP is told that this is https", arguments: ["GET / HTTP/1.1\r\n", "DELETE /", "x"])
    func plain(_ beginning: String) throws {
        let test = try plainTest()
        for network in [NetworkConditions(), .bytewise] {
            let transcript = try test.transcript(
                of: Array(beginning.utf8) + [UInt8](repeating: 0x20, count: 20),
                over: network
            )
            #expect(transcript.datelessText.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(transcript.datelessText.contains("this port speaks https"))
            #expect(!transcript.isReset && !transcript.isStuck)
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
        let test = try plainTest()
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
