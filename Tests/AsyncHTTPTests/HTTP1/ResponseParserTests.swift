import Testing

@testable import AsyncHTTP

@Suite("Responses")
struct ResponseParserTests {
    static let accepted: [(HTTPMethod, String, String)] = [
        (.get, "HTTP/1.1 200 OK\r\n\r\n", "http11 200 OK [] untilClose close"),
        (.get, "HTTP/1.1 200 \r\n\r\n", "http11 200  [] untilClose close"),
        (.get, "HTTP/1.1 200\r\n\r\n", "http11 200  [] untilClose close"),
        (.get, "HTTP/1.7 404 Not  Found\t(é)\r\nA: b\r\n\r\n", "http11 404 Not  Found\t(é) [A: b] untilClose close"),
        (
            .get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "http11 200 OK [Content-Length: 5] length(5) keep-alive"
        ),
        (
            .get, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "http11 200 OK [Content-Length: 0, Connection: close] none close"
        ),
        (
            .get, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
            "http10 200 OK [Content-Length: 5] length(5) close"
        ),
        (
            .get, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n",
            "http10 200 OK [Content-Length: 5, Connection: keep-alive] length(5) keep-alive"
        ),
        (
            .get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n",
            "http11 200 OK [Transfer-Encoding: Chunked] chunked keep-alive"
        ),
        (
            .head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "http11 200 OK [Content-Length: 5] none keep-alive"
        ),
        (.get, "HTTP/1.1 204 No Content\r\n\r\n", "http11 204 No Content [] none keep-alive"),
        (
            .get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
            "http11 304 Not Modified [Content-Length: 5] none keep-alive"
        ),
        (.get, "HTTP/1.1 100 Continue\r\n\r\n", "http11 100 Continue [] none keep-alive"),
        (.connect, "HTTP/1.1 200 OK\r\n\r\n", "http11 200 OK [] none keep-alive"),
        (.connect, "HTTP/1.1 407 No\r\n\r\n", "http11 407 No [] untilClose close"),
        (
            .get, "HTTP/1.1 999 x\r\nHost: a b\r\nHost: c\r\nExpect: x\r\n\r\n",
            "http11 999 x [Host: a b, Host: c, Expect: x] untilClose close"
        ),
    ]

    @Test("a valid response is understood, however it is delivered", arguments: accepted)
    func accepts(_ method: HTTPMethod, _ text: String, _ summary: String) {
        #expect(parseResponse(text, to: method) == .complete(summary, consumed: text.utf8.count))
        #expect(parseResponse(text + "body", to: method) == .complete(summary, consumed: text.utf8.count))
        #expect(parseResponse(String(text.dropLast(2)) + "\r", to: method) == .incomplete)
    }

    static let refused: [(String, ResponseError)] = [
        ("\r", .malformedVersion), ("\n", .bareLineFeed), ("<", .malformedVersion), ("http", .malformedVersion),
        ("HTTP/x", .malformedVersion), ("HTTP/2", .unsupportedVersion), ("HTTP/0", .unsupportedVersion),
        ("HTTP/1,", .malformedVersion), ("HTTP/1.x", .malformedVersion), ("HTTP/1.10", .malformedVersion),
        ("HTTP/1.1\r", .malformedVersion), ("HTTP/1.1\t", .malformedVersion), ("HTTP/1.1  ", .malformedStatus),
        ("HTTP/1.1 0", .malformedStatus), ("HTTP/1.1 20\r", .malformedStatus), ("HTTP/1.1 20 ", .malformedStatus),
        ("HTTP/1.1 -", .malformedStatus), ("HTTP/1.1 +", .malformedStatus), ("HTTP/1.1 2000", .malformedStatus),
        ("HTTP/1.1 200\t", .malformedStatus), ("HTTP/1.1 200\n", .bareLineFeed), ("HTTP/1.1 200 OK\n", .bareLineFeed),
        ("HTTP/1.1 200 O\0", .invalidReason), ("HTTP/1.1 200 O\u{7F}", .invalidReason),
        ("HTTP/1.1 200 OK\rX", .bareCarriageReturn), ("HTTP/1.1 200\rX", .bareCarriageReturn),
        ("HTTP/1.1 200 OK\r\n ", .field(.foldedLine)),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c", .field(.foldedLine)),
        ("HTTP/1.1 200 OK\r\nA ", .field(.whitespaceBeforeColon)),
        ("HTTP/1.1 200 OK\r\nA: b\n", .field(.bareLineFeed)),
        ("HTTP/1.1 200 OK\r\nContent-Length: -", .field(.invalidContentLength)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length:", .field(.duplicateContentLength)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding:", .field(.contentLengthWithTransferEncoding)),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length:",
            .field(.contentLengthWithTransferEncoding)
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: g", .field(.unsupportedTransferCoding)),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding:", .field(.transferEncodingInHTTP10)),
    ]

    @Test("a response that breaks the rules is refused at the offending byte", arguments: refused)
    func refuses(_ text: String, _ error: ResponseError) {
        #expect(parseResponse(text) == .refused(error))
        #expect(parseResponse(text + "\r\n\r\n") == .refused(error))
        #expect(!error.reason.isEmpty)
    }

    @Test("a status line passes at its limit, and one byte more is refused", arguments: [13, 16, 40])
    func statusLine(_ limit: Int) {
        let limits = ResponseLimits(statusLine: limit)
        let line = "HTTP/1.1 200 " + String(repeating: "a", count: limit - 13)
        for text in [line, String(line.dropLast())] where text.hasSuffix("a") || text == line {
            guard case .complete = parseResponse(text + "\r\n\r\n", limits: limits) else {
                Issue.record("refused \(text)")
                continue
            }
        }
        #expect(parseResponse(line, limits: limits) == .incomplete)
        #expect(parseResponse(line + "a", limits: limits) == .refused(.statusLineTooLong))
    }

    @Test("the version and the status count towards the limit", arguments: ["HTTP/1.", "HTTP/1.1 2", "HTTP/1.1 200"])
    func shortStatusLine(_ text: String) {
        let limits = ResponseLimits(statusLine: text.utf8.count)
        #expect(parseResponse(text, limits: limits) == .incomplete)
        #expect(parseResponse(text + " ", limits: limits) == .refused(.statusLineTooLong))
    }

    @Test("header floods are refused")
    func floods() {
        let head = "HTTP/1.1 200 OK\r\n"
        let few = ResponseLimits(headerCount: 2)
        #expect(parseResponse(head + "a:\r\nb:\r\n", limits: few) == .incomplete)
        #expect(parseResponse(head + "a:\r\nb:\r\nc", limits: few) == .refused(.field(.tooManyFields)))
        let small = ResponseLimits(headerBytes: 8)
        #expect(parseResponse(head + "a:\r\nb:\r\n\r", limits: small) == .incomplete)
        #expect(parseResponse(head + "a:\r\nb:\r\nc", limits: small) == .refused(.field(.tooManyBytes)))
        #expect(parseResponse(head + "a: 12345", limits: small) == .incomplete)
        #expect(parseResponse(head + "a: 123456", limits: small) == .refused(.field(.tooManyBytes)))
    }

    @Test("the final response parses behind an interim one")
    func interim() throws {
        let first = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        let bytes = Array((first + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx").utf8)
        var parser = ResponseParser(limits: ResponseLimits(), requestMethod: .get)
        #expect(parser.isIdle)
        guard case .complete(let hints, let consumed) = try step(&parser, bytes.span).get() else { throw Incomplete() }
        #expect(hints.isInformational && hints.status == 103 && consumed == first.utf8.count)
        let rest = Array(bytes[consumed...])
        guard case .complete(let head, _) = try step(&parser, rest.span).get() else { throw Incomplete() }
        #expect(!head.isInformational && head.framing == .length(1) && head.reason == "OK")
    }
}
