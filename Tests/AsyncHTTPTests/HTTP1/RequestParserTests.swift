import Testing

@testable import AsyncHTTP

@Suite("Requests that are valid")
struct RequestParserTests {
    static let accepted: [(String, String)] = [
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / http11 [Host: a] none keep-alive"
        ),
        (
            "GET / HTTP/1.0\r\n\r\n",
            "GET / http10 [] none close"
        ),
        (
            "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            "GET / http10 [Connection: Keep-Alive] none keep-alive"
        ),
        (
            "\r\n\r\nGET /a HTTP/1.1\r\nhoSt:\texample.com\t \r\nempty:\r\nblank: \t \r\n\r\n",
            "GET /a http11 [hoSt: example.com, empty: , blank: ] none keep-alive"
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:  42\t\r\n\r\n",
            "POST / http11 [Host: a, Content-Length: 42] length(42) keep-alive"
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 003\r\n\r\n",
            "POST / http11 [Host: a, content-LENGTH: 003] length(3) keep-alive"
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n",
            "POST / http11 [Host: a, Content-Length: 9223372036854775807] length(9223372036854775807) keep-alive"
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "POST / http11 [Host: a, Content-Length: 0] none keep-alive"
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding:\t CHUNKED \r\nHost: a\r\n\r\n",
            "POST / http11 [Transfer-Encoding: CHUNKED, Host: a] chunked keep-alive"
        ),
        (
            "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
            "OPTIONS * http11 [Host: ] none keep-alive"
        ),
        (
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n",
            "CONNECT [::1]:443 http11 [Host: [::1]:443] none keep-alive"
        ),
        (
            "GET http://example.com?x HTTP/1.1\r\nHost: example.com\r\n\r\n",
            "GET http://example.com?x http11 [Host: example.com] none keep-alive"
        ),
        (
            "GET / HTTP/1.1\r\nHost: 0.0.0.0=5000\r\n!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n",
            "GET / http11 [Host: 0.0.0.0=5000, !#$%&'*+-.^_`|~09azAZ: x] none keep-alive"
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX: tab\tand ü and : \"(),/:;<=>?@[\\]{}\r\n\r\n",
            "GET / http11 [Host: a, X: tab\tand ü and : \"(),/:;<=>?@[\\]{}] none keep-alive"
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX-Content-Length: 1\r\nHosts: b\r\nExpected: x\r\n\r\n",
            "GET / http11 [Host: a, X-Content-Length: 1, Hosts: b, Expected: x] none keep-alive"
        ),
    ]

    @Test("a valid request is understood, however it is delivered", arguments: accepted)
    func accepts(_ text: String, _ summary: String) {
        #expect(parseRequest(text) == .complete(summary, consumed: text.utf8.count))
    }

    @Test("every prefix of a valid request waits for more", arguments: accepted)
    func waits(_ text: String, _ summary: String) {
        let bytes = Array(text.utf8)
        var parser = RequestParser(limits: RequestLimits())
        for count in 0..<bytes.count {
            guard case .success(.incomplete) = step(&parser, bytes.span.extracting(first: count)) else {
                Issue.record("not incomplete after \(count) bytes")
                return
            }
        }
    }

    @Test("every method of the set is understood", arguments: HTTPMethod.allCases)
    func methods(_ method: HTTPMethod) throws {
        let target = method == .connect ? "a:1" : "/"
        let head = try requestHead("\(method.name) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head.method == method)
        #expect(method.name.utf8.count <= HTTPMethod.longestName)
    }

    @Test("what follows a request is left alone, and the next one parses")
    func pipelining() throws {
        let first = "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"
        let second = "GET /2 HTTP/1.1\r\nHost: b\r\n\r\n"
        let bytes = Array((first + second + "x").utf8)
        var parser = RequestParser(limits: RequestLimits())
        guard case .complete(let one, let consumed) = try step(&parser, bytes.span).get() else { throw Incomplete() }
        #expect(consumed == first.utf8.count)
        #expect(parser.isIdle)
        #expect(one.target.path == "/1" && one.framing == .length(1) && one.expectsContinue)
        let rest = Array(bytes[consumed...])
        guard case .complete(let two, let end) = try step(&parser, rest.span).get() else { throw Incomplete() }
        #expect(end == second.utf8.count)
        #expect(two.target.path == "/2" && two.framing == .none && !two.expectsContinue)
        #expect(two.fields["host"] == "b" && two.fields.count == 1)
    }

    @Test("a parser is idle until the first byte comes")
    func idle() throws {
        var parser = RequestParser(limits: RequestLimits())
        #expect(parser.isIdle)
        let bytes = Array("\r".utf8)
        _ = try step(&parser, bytes.span.extracting(first: 0)).get()
        #expect(parser.isIdle)
        _ = try step(&parser, bytes.span).get()
        #expect(!parser.isIdle)
    }

    @Test(
        "Connection options decide whether the connection stays",
        arguments: [
            ("1.1", [], true), ("1.0", [], false),
            ("1.1", ["close"], false), ("1.1", ["CLOSE"], false), ("1.1", ["keep-alive"], true),
            ("1.1", ["upgrade, close"], false), ("1.1", ["close, keep-alive"], false),
            ("1.1", ["keep-alive", "close"], false), ("1.1", ["closed"], true), ("1.1", ["clos"], true),
            ("1.1", [",,\t close ,"], false), ("1.1", ["", "x"], true),
            ("1.0", ["keep-alive"], true), ("1.0", ["x,Keep-Alive"], true), ("1.0", ["keep-alive,close"], false),
            ("1.0", ["close", "keep-alive"], false), ("1.0", ["keepalive"], false), ("1.1", ["content-length"], true),
        ] as [(String, [String], Bool)]
    )
    func connection(_ version: String, _ values: [String], _ keepAlive: Bool) throws {
        let lines = values.map { "Connection: \($0)\r\n" }.joined()
        let head = try requestHead("GET / HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n")
        #expect(head.keepAlive == keepAlive)
    }

    @Test(
        "100-continue is expected only by a 1.1 request with a body",
        arguments: [
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue \r\nContent-Length: 1\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false),
            ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", false),
        ]
    )
    func expectation(_ text: String, _ expects: Bool) throws {
        #expect(try requestHead(text).expectsContinue == expects)
    }

    @Test("obs-text in a value is kept byte for byte")
    func obsText() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nTest: D".utf8) + [0xFC, 0x80, 0xFF] + Array("\r\n\r\n".utf8)
        var parser = RequestParser(limits: RequestLimits())
        guard case .complete(let head, _) = try step(&parser, bytes.span).get() else { throw Incomplete() }
        let value = head.fields.withValue(of: "test") { span in span.indices.map { span[$0] } }
        #expect(value == [0x44, 0xFC, 0x80, 0xFF])
    }
}
