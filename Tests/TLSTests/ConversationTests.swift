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
}
