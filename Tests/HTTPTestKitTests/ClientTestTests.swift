import AsyncHTTP
import Testing

@testable import HTTPTestKit

@Suite("A client without sockets")
struct ClientTestTests {
    /// What a server may send, and what is made of it: the body, or the kind of error.
    private static let answers: [(answer: String, outcome: String)] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "200 hello"),
        ("HTTP/1.0 200 OK\r\n\r\nhello", "200 hello"), ("HTTP/1.1 204 No Content\r\n\r\n", "204 "),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", "503 no"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "closed"), ("", "closed"),
        ("HTTP/1.1 200 OK\r\nCont", "closed"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", "closed"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "malformed"), ("nonsense\r\n\r\n", "malformed"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "malformed"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "tooLarge"),
    ]

    private func outcome(_ answer: String, _ network: NetworkConditions) -> String {
        do {
            let response = try ClientTest().get("/x", answered: answer, over: network)
            return "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
        } catch {
            return (error as? ClientError).map { "\($0.kind)" } ?? "\(error)"
        }
    }

    @Test("what is made of an answer does not depend on how it travels", arguments: answers)
    func independence(answer: String, outcome: String) {
        for network in HandlerTestTests.networks { #expect(self.outcome(answer, network) == outcome, "\(network)") }
    }
}
