import Testing

@testable import AsyncHTTP

@Suite("Server: bodies of requests")
struct RequestBodyTests {
    private static let chunked = "3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\nTrailer: t\r\n\r\n"

    @Test("a body arrives whole, by length or in chunks, however it is sent", arguments: [true, false])
    func collected(isWhole: Bool) throws {
        try withServer { server in
            let socket = try server.connect()
            for request in [post("/collect", "abcdefgh"), postChunked("/collect") + Self.chunked] {
                if isWhole {
                    try socket.send(request)
                } else {
                    for byte in request.utf8 { try socket.send([byte]) }
                }
                #expect(try socket.readAnswer().text == "abcdefgh")
            }
        }
    }

    @Test("a body of no bytes is one", arguments: ["Content-Length: 0", "Transfer-Encoding: chunked"])
    func empty(framing: String) throws {
        try withServer { server in
            let socket = try server.connect()
            let end = framing.hasPrefix("T") ? "0\r\n\r\n" : ""
            #expect(
                try socket.exchange("POST /pieces HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n\(end)").text == "0 true\n"
            )
            #expect(try socket.exchange("GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n").text == "0 true\n")
        }
    }

    @Test("a large body is streamed through, in and out")
    func streamed() throws {
        try withServer { server in
            let socket = try server.connect()
            let body = String(repeating: "0123456789abcdef", count: 1 << 14)
            #expect(try socket.exchange(post("/pieces", body)).text == "262144 true\n")
            #expect(try socket.exchange(post("/echo-stream", body)).text == body)
        }
    }

    @Test("a body that is announced as too long is refused before it is sent")
    func refusedEarly() throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")
            #expect(answer.status == 413)
        }
    }

    @Test(
        "a chunked body that is malformed is 400 and a close",
        arguments: ["x\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "0\r\nbad line\r\n\r\n"]
    )
    func malformed(chunks: String) throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send(postChunked("/collect") + chunks + get("/"))
            let answer = try socket.readAnswer()
            #expect(answer.status == 400)
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try server.statistics.rejected[.malformedRequest] == 1)
        }
    }

    @Test("a body that breaks off ends the connection without an answer", arguments: [true, false])
    func cutShort(isReset: Bool) throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            if isReset {
                socket.reset()
            } else {
                socket.finishSending()
                #expect(try socket.readToEnd() == ("", .closed))
            }
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
            #expect(try server.statistics.answers == 0)
        }
    }

    // MARK: Expect: 100-continue

    @Test("100 is sent when the handler reads, once, and not when the body is there already")
    func continued() throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send("POST /collect HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try socket.readAnswer().statusLine == "HTTP/1.1 100 Continue")
            #expect(try socket.exchange("abc").text == "abc")
            #expect(try socket.exchange(post("/collect", "def", "Expect: 100-continue")).text == "def")
        }
    }

    @Test("a handler that does not read sends no 100; the answer says that the connection closes, and it does")
    func notContinued() throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            )
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("100 never comes in the middle of an answer")
    func notInTheMiddle() throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send(postChunked("/echo-stream", "Expect: 100-continue"))
            let head = RawAnswer(head: try socket.take(through: "\r\n\r\n"))
            #expect(head.status == 200)
            try socket.send("3\r\nabc\r\n0\r\n\r\n")
            #expect(try socket.readToEnd() == ("3\r\nabc\r\n0\r\n\r\n", .closed))
        }
    }

    // MARK: What a handler leaves

    @Test("a body that the handler leaves is thrown away when it comes later than the answer, too")
    func discardedLater() throws {
        try withServer { server in
            let socket = try server.connect()
            #expect(try socket.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").text == "OK\n")
            #expect(try socket.exchange("12345" + get("/")).text == "OK\n")
        }
    }
}
