import Testing

@testable import AsyncHTTP

@Suite("Heads that are written")
struct HeadWriterTests {
    private func fields(_ pairs: [(String, String)]) throws -> HeaderFields {
        var fields = HeaderFields()
        for (name, value) in pairs { try fields.append(name, value) }
        return fields
    }

    @Test("a response head is exact")
    func response() throws {
        var writer = ResponseHeadWriter()
        writer.statusLine(.ok)
        writer.date(unixSeconds: 784_111_777)
        try writer.fields(fields([("Content-Type", "text/plain"), ("X", "")]))
        writer.contentLength(1234)
        writer.connection(keepAlive: false, for: .http11)
        writer.end()
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\nX: \r\n"
                + "Content-Length: 1234\r\nConnection: close\r\n\r\n"
        )
        let summary =
            "http11 200 OK [Date: Sun, 06 Nov 1994 08:49:37 GMT, Content-Type: text/plain, X: , "
            + "Content-Length: 1234, Connection: close] length(1234) close"
        #expect(parseResponse(text) == .complete(summary, consumed: text.utf8.count))
    }

    @Test("a chunked response head is exact")
    func chunkedResponse() throws {
        var writer = ResponseHeadWriter()
        writer.statusLine(try HTTPStatus(code: 299, reason: ""))
        writer.chunked()
        writer.connection(keepAlive: true, for: .http11)
        writer.connection(keepAlive: true, for: .http10)
        writer.end()
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == "HTTP/1.1 299 \r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n")
        writer.reset()
        #expect(writer.bytes.isEmpty)
    }

    @Test("a length is written in full", arguments: [(0, "0"), (10, "10"), (-1, "0"), (.max, "9223372036854775807")])
    func length(_ length: Int, _ digits: String) {
        var writer = ResponseHeadWriter()
        writer.contentLength(length)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "Content-Length: \(digits)\r\n")
    }

    @Test(
        "fields that the server writes itself are refused",
        arguments: ["Content-Length", "transfer-encoding", "CONNECTION", "Date"]
    )
    func reserved(_ name: String) throws {
        var writer = ResponseHeadWriter()
        let fields = try fields([("A", "b"), (name, "5")])
        #expect(throws: HeadWriteError.reservedField) { try writer.fields(fields) }
        #expect(writer.bytes.isEmpty)
    }

    @Test(
        "a request head is parsed as what was meant",
        arguments: [
            (
                HTTPMethod.get, "/a?b", "h:1", BodyFraming.none, true,
                "GET /a?b http11 [Host: h:1, A: b] none keep-alive"
            ),
            (.post, "/", "", .length(7), true, "POST / http11 [Host: , A: b, Content-Length: 7] length(7) keep-alive"),
            (
                .put, "/", "[::1]", .chunked, false,
                "PUT / http11 [Host: [::1], A: b, Transfer-Encoding: chunked, Connection: close] chunked close"
            ),
            (.options, "*", "h", .none, true, "OPTIONS * http11 [Host: h, A: b] none keep-alive"),
            (.connect, "h:1", "h:1", .none, true, "CONNECT h:1 http11 [Host: h:1, A: b] none keep-alive"),
        ]
    )
    func request(
        _ method: HTTPMethod,
        _ target: String,
        _ host: String,
        _ framing: BodyFraming,
        _ keepAlive: Bool,
        _ summary: String
    ) throws {
        let bytes = try RequestHeadWriter.head(
            method,
            target: target,
            host: host,
            fields: fields([("A", "b")]),
            framing: framing,
            keepAlive: keepAlive
        )
        #expect(parseRequest(bytes) == .complete(summary, consumed: bytes.count))
    }

    @Test(
        "a target that no request may carry is refused",
        arguments: ["", "a", "/a b", "/a\r\nX: y", "/\n", "/\0", "/é", "/%", "/%0", "/%00", "/#", "*", " /", "/ "]
    )
    func targets(_ target: String) {
        let error = #expect(throws: HeadWriteError.self) { try RequestHeadWriter.head(.get, target: target, host: "a") }
        guard case .target = error else {
            Issue.record("\(target): \(String(describing: error))")
            return
        }
    }

    @Test("a host that is not one is refused", arguments: ["a b", "a\r\n", "a/", "u@a", ":1", "a:x", "[::1", "a%"])
    func hosts(_ host: String) {
        #expect(throws: HeadWriteError.host) { try RequestHeadWriter.head(.get, target: "/", host: host) }
    }

    @Test(
        "fields that follow from the arguments are refused in a request",
        arguments: ["Content-Length", "transfer-encoding", "CONNECTION", "Host"]
    )
    func reservedInRequest(_ name: String) throws {
        let fields = try fields([(name, "5")])
        #expect(throws: HeadWriteError.reservedField) {
            try RequestHeadWriter.head(.get, target: "/", host: "a", fields: fields)
        }
    }
}
