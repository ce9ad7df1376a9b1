import Testing

@testable import AsyncHTTP

@Suite("Requests that are refused as soon as they cannot become valid")
struct RequestRejectionTests {
    static let lines: [(String, RequestError)] = [
        ("\n", .bareLineFeed),
        ("\rG", .bareCarriageReturn),
        ("\r\n\n", .bareLineFeed),
        ("\u{16}", .invalidMethod),
        (" ", .invalidMethod),
        ("\t", .invalidMethod),
        ("G\rET", .invalidMethod),
        ("GET\n", .bareLineFeed),
        ("GET\t", .invalidMethod),
        ("G@", .invalidMethod),
        ("FOO ", .unknownMethod),
        ("get ", .unknownMethod),
        ("GETS ", .unknownMethod),
        ("MKCOLA ", .unknownMethod),
        ("ANNOUNCE ", .unknownMethod),
        ("ABCDEFGHIJKLMNOPQR", .unknownMethod),
        ("GET\r", .invalidMethod),
        ("GET  ", .invalidTarget),
        ("GET \t", .invalidTarget),
        ("GET a", .invalidTarget),
        ("GET /a\t", .invalidTarget),
        ("GET /\n", .bareLineFeed),
        ("GET \r", .missingVersion),
        ("GET /\r", .missingVersion),
        ("GET / \r", .missingVersion),
        ("GET /  ", .malformedVersion),
        ("GET / h", .malformedVersion),
        ("GET / ICE/1.0", .malformedVersion),
        ("GET / I", .malformedVersion),
        ("GET / HTTPS", .malformedVersion),
        ("GET / HTTP/x", .malformedVersion),
        ("GET / HTTP/1,", .malformedVersion),
        ("GET / HTTP/1.x", .malformedVersion),
        ("GET / HTTP/1.1 ", .malformedVersion),
        ("GET / HTTP/1.1\t", .malformedVersion),
        ("GET / HTTP/1.10", .malformedVersion),
        ("GET / HTTP/1.1\n", .bareLineFeed),
        ("GET / HTTP\n", .bareLineFeed),
        ("GET / HTTP/1.1\rH", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\r", .bareCarriageReturn),
        ("GET / HTTP/5.6", .unsupportedVersion),
        ("GET / HTTP/2.0", .unsupportedVersion),
        ("GET / HTTP/0.9", .unsupportedVersion),
        ("GET / HTTP/1.2", .unsupportedVersion),
        ("GET / HTTP/1.9", .unsupportedVersion),
        ("GET / HTTP/01", .malformedVersion),
        ("GET / HTTP/2\r", .malformedVersion),
        ("GET /foo bar", .malformedVersion),
    ]

    @Test("a broken request line is refused at the offending byte", arguments: lines)
    func requestLine(_ text: String, _ error: RequestError) {
        #expect(parseRequest(text) == .refused(error))
        #expect(parseRequest(text + "more\r\n\r\n") == .refused(error))
    }

    static let fields: [(String, FieldError)] = [
        (" ", .foldedLine),
        ("\t", .foldedLine),
        ("X: a\r\n ", .foldedLine),
        (":", .emptyName),
        ("\n", .bareLineFeed),
        ("X: a\r\n\n", .bareLineFeed),
        ("X: a\n", .bareLineFeed),
        ("X:\n", .bareLineFeed),
        ("Host: a\n", .bareLineFeed),
        ("X: a\rb", .bareCarriageReturn),
        ("X:\rb", .bareCarriageReturn),
        ("Host: a\rb", .bareCarriageReturn),
        ("\rb", .bareCarriageReturn),
        ("X: a\r\r", .bareCarriageReturn),
        ("X\r", .missingColon),
        ("X\n", .missingColon),
        ("name\r\n : value", .missingColon),
        ("X ", .whitespaceBeforeColon),
        ("X\t", .whitespaceBeforeColon),
        ("Content-Length ", .whitespaceBeforeColon),
        ("X[", .invalidName),
        ("X@", .invalidName),
        ("X\u{1}", .invalidName),
        ("X\0", .invalidName),
        ("X\u{7F}", .invalidName),
        ("ü", .invalidName),
        ("\"", .invalidName),
        ("X: \0", .invalidValue),
        ("X: a\u{7}", .invalidValue),
        ("X: a\u{C}b", .invalidValue),
        ("X: a\u{7F}", .invalidValue),
        ("X: 0123456789abcdef\u{1F}", .invalidValue),
        ("X: \u{1B}", .invalidValue),
        ("Host: a\0", .invalidValue),
        ("Content-Length: 1\u{B}", .invalidValue),
    ]

    @Test("a broken field line is refused at the offending byte", arguments: fields)
    func fieldLine(_ text: String, _ error: FieldError) {
        #expect(parseRequest("GET / HTTP/1.1\r\n" + text) == .refused(.field(error)))
        #expect(parseRequest("GET / HTTP/1.0\r\nA: b\r\n" + text) == .refused(.field(error)))
        #expect(error.status == .badRequest)
    }

    @Test("every control character but HTAB is refused in a value, at any place", arguments: 0..<24)
    func controls(_ offset: Int) {
        let forbidden = (0...0x1F).filter { $0 != 9 && $0 != 10 && $0 != 13 } + [0x7F]
        for byte in forbidden {
            let head = "GET / HTTP/1.0\r\nX:" + String(repeating: "\u{FF}", count: offset / 2)
            let bytes = Array((head + String(repeating: "a", count: offset)).utf8) + [UInt8(byte)]
            #expect(parseRequest(bytes) == .refused(.field(.invalidValue)))
        }
    }

    static let semantics: [(String, FieldError)] = [
        ("Content-Length:\r", .invalidContentLength),
        ("Content-Length: \t\r", .invalidContentLength),
        ("Content-Length: a", .invalidContentLength),
        ("Content-Length: +", .invalidContentLength),
        ("Content-Length: -", .invalidContentLength),
        ("Content-Length: 0x", .invalidContentLength),
        ("Content-Length: 5 5", .invalidContentLength),
        ("Content-Length: 5;", .invalidContentLength),
        ("Content-Length: 5_", .invalidContentLength),
        ("Content-Length: 5.", .invalidContentLength),
        ("Content-Length: 4,", .invalidContentLength),
        ("Content-Length: \"", .invalidContentLength),
        ("Content-Length: ５", .invalidContentLength),
        ("Content-Length: 9223372036854775808", .contentLengthOverflow),
        ("Content-Length: 10000000000000000000", .contentLengthOverflow),
        ("Content-Length: 18446744073709551621", .contentLengthOverflow),
        ("Content-Length: 1\r\nContent-Length:", .duplicateContentLength),
        ("Content-Length: 1\r\nX: y\r\nCONTENT-LENGTH:", .duplicateContentLength),
        ("Transfer-Encoding:\r", .invalidTransferEncoding),
        ("Transfer-Encoding: ,", .invalidTransferEncoding),
        ("Transfer-Encoding: \"", .invalidTransferEncoding),
        ("Transfer-Encoding: chunked,", .invalidTransferEncoding),
        ("Transfer-Encoding: chunked x", .invalidTransferEncoding),
        ("Transfer-Encoding: chunked;", .invalidTransferEncoding),
        ("Transfer-Encoding: chunkedc", .unsupportedTransferCoding),
        ("Transfer-Encoding: chu\r", .unsupportedTransferCoding),
        ("Transfer-Encoding: x", .unsupportedTransferCoding),
        ("Transfer-Encoding: identity", .unsupportedTransferCoding),
        ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding:", .duplicateTransferEncoding),
        ("Transfer-Encoding: chunked\r\nContent-Length:", .contentLengthWithTransferEncoding),
        ("Content-Length: 5\r\nTransfer-Encoding:", .contentLengthWithTransferEncoding),
        ("Content-Length: 0\r\nTransfer-Encoding:", .contentLengthWithTransferEncoding),
        ("Host: a\r\nHost:", .duplicateHost),
        ("Host:\r\nHOST:", .duplicateHost),
        ("Host: a b", .invalidHost),
        ("Host: a/", .invalidHost),
        ("Host: u@", .invalidHost),
        ("Host: a:x", .invalidHost),
        ("Host: a:65536", .invalidHost),
        ("Host: a:1:", .invalidHost),
        ("Host: :", .invalidHost),
        ("Host: a\u{5C}", .invalidHost),
        ("Host: [\r", .invalidHost),
        ("Host: []", .invalidHost),
        ("Host: [g", .invalidHost),
        ("Host: [::1]a", .invalidHost),
        ("Host: [::1\r", .invalidHost),
        ("Host: a%4\r", .invalidHost),
        ("Host: a%g", .invalidHost),
        ("Host: ü", .invalidHost),
        ("Expect: 200", .unsupportedExpectation),
        ("Expect: 100-continue,", .unsupportedExpectation),
        ("Expect: 100-continue x", .unsupportedExpectation),
        ("Expect: 100-cont\r", .unsupportedExpectation),
        ("Expect:\r", .unsupportedExpectation),
    ]

    @Test("a field that would leave the message in doubt is refused at the offending byte", arguments: semantics)
    func ambiguity(_ text: String, _ error: FieldError) {
        #expect(parseRequest("POST / HTTP/1.1\r\n" + text) == .refused(.field(error)))
    }

    @Test("HTTP/1.0 has no Transfer-Encoding")
    func transferEncodingInHTTP10() {
        #expect(parseRequest("POST / HTTP/1.0\r\nTransfer-Encoding:") == .refused(.field(.transferEncodingInHTTP10)))
    }

    @Test("HTTP/1.1 requires Host, absolute targets included", arguments: ["/", "http://a/"])
    func missingHost(_ target: String) {
        #expect(parseRequest("GET \(target) HTTP/1.1\r\nA: b\r\n\r\n") == .refused(.field(.missingHost)))
        #expect(parseRequest("GET \(target) HTTP/1.1\r\nA: b\r\n\r") == .incomplete)
    }

    @Test(
        "hosts that are legal are taken",
        arguments: [
            "", "a", "a.b-c_d~e", "127.0.0.1:80", "[::1]", "[fe80::1.2.3.4]:65535", "a:", "a:0", "a%41", "%41b:1",
            "a,b",
            "!$&'()*+,;=",
        ]
    )
    func legalHosts(_ host: String) throws {
        let head = try requestHead("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(head.fields["Host"] == host)
    }

    @Test("errors say which status they deserve, and why")
    func statuses() {
        #expect(RequestError.requestLineTooLong.status.code == 414)
        #expect(RequestError.unknownMethod.status.code == 501)
        #expect(RequestError.unsupportedVersion.status.code == 505)
        #expect(RequestError.invalidTarget.status.code == 400)
        #expect(RequestError.field(.tooManyBytes).status.code == 431)
        #expect(RequestError.field(.tooManyFields).status.code == 431)
        #expect(RequestError.field(.unsupportedTransferCoding).status.code == 501)
        #expect(RequestError.field(.unsupportedExpectation).status.code == 417)
        let reasons = (Self.lines.map(\.1) + Self.fields.map { .field($0.1) } + Self.semantics.map { .field($0.1) })
            .map(\.reason)
        for reason in reasons { #expect(!reason.isEmpty && !reason.contains("\n")) }
    }
}
