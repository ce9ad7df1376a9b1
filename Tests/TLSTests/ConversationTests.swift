import AsyncHTTP
import HTTPTestKit
import TestCertificates
import Testing

@testable import TLS

@Suite("TLS: a conversation in memory")
struct ConversationTests {
    private static let handler: RequestHandler = { request, responder in
        let body = try await request.body.collect()
        return try await responder.send(.text("\(request.target.path.utf8.count) \(body.count)"))
    }

    private func test() throws -> HandlerTest {
        var test = HandlerTest(handler: Self.handler)
        let server = try ServerTLS(TestCertificates.serverConfiguration)
        let client = ClientTLS(TestCertificates.clientConfiguration)
        test.security = (server.security, client.security(to: .internet(host: "localhost", port: 443)))
        return test
    }

    @Test("requests are answered", arguments: NetworkConditions.usual + (0..<60).map { .rough(seed: $0) })
    func answers(_ conditions: NetworkConditions) throws {
        let requests = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n" + "GET /abc HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let transcript = try test().transcript(of: Array(requests.utf8), over: conditions)
        #expect(!transcript.isStuck && !transcript.isReset, "\(transcript)")
        let text = transcript.datelessText
        #expect(text.contains("\r\n\r\n2 0\n") && text.contains("\r\n\r\n4 0\n"), "\(text)")
        #expect(transcript.statistics.connectionsOpen == 0)
        #expect(transcript.statistics.handshakes == 1)
    }

    @Test(
        "a body of many records is received whole, also when it comes faster than it is read",
        arguments: [16_385, 300_000]
    )
    func longBody(_ length: Int) throws {
        let test = try test()
        let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n"
        for network in NetworkConditions.usual.prefix(3) where network.piece > 1 || length < 20_000 {
            let transcript = try test.transcript(
                of: Array(head.utf8) + [UInt8](repeating: 7, count: length),
                over: network
            )
            #expect(transcript.datelessText.hasSuffix("\r\n\r\n1 \(length)\n"), "\(network)")
        }
    }

    @Test("an answer of many records is received whole")
    func longAnswer() throws {
        var test = HandlerTest { _, responder in
            try await responder.send(Response(body: [UInt8](repeating: 65, count: 300_000)))
        }
        test.security = try self.test().security
        for network in NetworkConditions.usual where network.piece > 1 {
            let transcript = try test.transcript(of: Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), over: network)
            #expect(transcript.answer.suffix(300_000).allSatisfy { $0 == 65 } && transcript.answer.count > 300_000)
            #expect(!transcript.isReset && !transcript.isStuck)
        }
    }
}
