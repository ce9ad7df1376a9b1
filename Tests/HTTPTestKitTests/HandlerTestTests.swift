import AsyncHTTP
import Testing

@testable import HTTPTestKit

@Suite("A server without sockets")
struct HandlerTestTests {
    private struct Broken: Error {}

    private static let test = HandlerTest { request, responder in
        switch request.target.path {
        case "/echo": try await responder.send(Response(body: try await request.body.collect()))
        case "/stream":
            try await responder.stream { writer in
                for piece in ["one,", "two,", "three"] { try await writer.write(Array(piece.utf8)) }
            }
        case "/large": try await responder.send(Response(body: Array(repeating: 0x61, count: 5000)))
        case "/breaks":
            try await responder.stream { writer in
                try await writer.write(Array("half".utf8))
                throw Broken()
            }
        case "/fails": throw Broken()
        default: try await responder.send(.text("OK"))
        }
    }

    static let networks: [NetworkConditions] =
        [NetworkConditions(), .bytewise] + (1...40).map { NetworkConditions.rough(seed: UInt64($0)) }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Without what changes from second to second.
    private func exchange(_ request: String, _ network: NetworkConditions = NetworkConditions()) throws -> String {
        try Self.test.transcript(of: Array(request.utf8), over: network).datelessText
    }

    /// What a peer may send, well or badly, and what it does to the connection.
    private static let requests = [
        get, get + get + get, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get,
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n"
            + get,
        "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get,
        "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get,
        "GET /stream HTTP/1.0\r\n\r\n", "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n" + get,
        "GET /fails HTTP/1.1\r\nHost: a\r\n\r\n" + get, "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/3.0\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "nonsense\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
        "GET / HTTP/1.1\r\nHost: a\r\nX",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
    ]

    @Test("what is answered does not depend on how bytes travel", arguments: requests)
    func independence(request: String) throws {
        let expected = try exchange(request)
        for network in Self.networks { #expect(try exchange(request, network) == expected, "\(network)") }
    }

    @Test("nor on what they travel over", arguments: requests)
    func sockets(request: String) throws {
        let socket = try Self.test.transcript(overSocket: Array(request.utf8))
        #expect(try socket.datelessText == exchange(request) && !socket.isReset)
    }

    @Test("nor on where they are cut")
    func cuts() throws {
        let request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + Self.get
        let expected = try exchange(request)
        for position in 0...request.utf8.count { #expect(try exchange(request, .cut(after: position)) == expected) }
    }

    @Test("a peer that waits for the server to close sees it close, and sees whether it broke off")
    func ends() throws {
        let close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let breaks = "GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n"
        for (request, isReset) in [(close, false), (breaks, true)] {
            let bytes = Array(request.utf8)
            #expect(try Self.test.transcript(of: bytes, end: .waits).isReset == isReset)
            #expect(try Self.test.transcript(overSocket: bytes, end: .waits).isReset == isReset)
        }
    }

    @Test("answers come in order, each with its body, and the end follows the last")
    func order() throws {
        let answer = try exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + Self.get)
        #expect(
            answer == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nOK\n"
        )
    }

    @Test("half an answer never looks like a whole one", arguments: networks)
    func broken(network: NetworkConditions) throws {
        let answer = try exchange("GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get, network)
        #expect(!answer.contains("0\r\n\r\n") && !answer.contains("OK\n"))
    }

    @Test("a peer that vanishes leaves nothing behind", arguments: networks)
    func vanishes(network: NetworkConditions) throws {
        for request in Self.requests {
            let statistics = try Self.test.statistics(after: Array(request.utf8), over: network, end: .vanishes)
            #expect(statistics.connectionsOpen == 0 && statistics.pendingBytes == 0)
        }
    }

    @Test("limits hold as they do on a socket")
    func limits() throws {
        var limits = ServerLimits()
        limits.body = .bytes(4)
        limits.request.headerCount = 2
        let test = HandlerTest(limits: limits) { request, responder in
            try await responder.send(Response(body: try await request.body.collect()))
        }
        let long = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        #expect(try test.exchange(long).hasPrefix("HTTP/1.1 413 "))
        #expect(try test.exchange("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n").hasPrefix("HTTP/1.1 431 "))
    }
}
