import Testing

@testable import AsyncHTTP

@Suite("Server: answers")
struct AnswerTests {
    @Test("an answer has its length, a date that is now, and nothing of its own about the connection")
    func whole() throws {
        try withServer { server in
            let answer = try server.connect().exchange(get("/"))
            #expect(answer.statusLine == "HTTP/1.1 200 OK")
            #expect(answer.text == "OK\n")
            #expect(answer["content-length"] == "3")
            #expect(answer["connection"] == nil)
            let date = try #require(answer["date"].flatMap(IMFDate.init))
            #expect(date.distance <= 5)
        }
    }

    @Test("HEAD has the head of GET and no body", arguments: ["/", "/stream", "/large"])
    func head(path: String) throws {
        try withServer { server in
            let socket = try server.connect()
            let head = try socket.exchange("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let get = try socket.exchange(get(path))
            #expect(head.statusLine == get.statusLine)
            #expect(head.fields.filter { $0.key != "date" } == get.fields.filter { $0.key != "date" })
            #expect(head.body.isEmpty && !get.body.isEmpty)
        }
    }

    @Test("204 and 304 end with their head, and the connection goes on", arguments: ["/no-content", "/not-modified"])
    func bodiless(path: String) throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(get(path))
            #expect(answer["content-length"] == nil)
            #expect(try socket.exchange(get("/")).text == "OK\n")
        }
    }

    @Test(
        "205 says that there is nothing, whatever the handler gave it",
        arguments: ["/reset-content", "/stream-reset"]
    )
    func resetContent(path: String) throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(get(path))
            #expect(answer.status == 205)
            #expect(answer["content-length"] == "0" && answer["transfer-encoding"] == nil)
            #expect(try socket.exchange(get("/")).text == "OK\n")
        }
    }

    @Test("a stream comes in chunks, and an empty piece does not end it")
    func stream() throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(get("/stream"))
            #expect(answer["transfer-encoding"] == "chunked")
            #expect(answer["content-length"] == nil)
            #expect(answer.text == "one,two,three")
            #expect(try socket.exchange(get("/")).status == 200)
        }
    }

    @Test("a stream to HTTP/1.0 goes on until the connection's clean end")
    func streamUntilClose() throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let (text, end) = try socket.readToEnd()
            #expect(text.hasSuffix("\r\n\r\none,two,three"))
            #expect(text.contains("Connection: close\r\n"))
            #expect(!text.lowercased().contains("transfer-encoding"))
            #expect(end == .closed)
        }
    }

    @Test("a stream with a status that has no body ends with its head")
    func streamWithoutBody() throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(get("/stream-nothing"))
            #expect(answer.status == 204)
            #expect(answer["transfer-encoding"] == nil)
            #expect(try socket.exchange(get("/")).status == 200)
        }
    }

    @Test("a handler that throws before it answers gives 500 and a close", arguments: ["/throw", "/reserved"])
    func throwing(path: String) throws {
        try withServer { server in
            let socket = try server.connect()
            let answer = try socket.exchange(get(path))
            #expect(answer.status == 500)
            #expect(answer["connection"] == "close")
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("a handler that throws in the middle of a stream never leaves a clean end", arguments: ["1.0", "1.1"])
    func throwingMidway(version: String) throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send("GET /throw-midway HTTP/\(version)\r\nHost: a\r\n\r\n")
            let (text, end) = try socket.readToEnd()
            #expect(end == .reset)
            #expect(!text.contains("\r\n0\r\n"))
        }
    }

    @Test("a handler that throws after its answer costs the connection, and nothing is added")
    func throwingAfterwards() throws {
        try withServer { server in
            let socket = try server.connect()
            #expect(try socket.exchange(get("/throw-after")).text == "whole\n")
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("a large answer arrives whole at a peer with a small window", arguments: ["/large", "/stream-large"])
    func large(path: String) throws {
        try withServer { server in
            let socket = try server.connect(receiveBuffer: 4096)
            let answer = try socket.exchange(get(path))
            #expect(answer.body.count == TestHandler.largeBody)
            #expect(try socket.exchange(get("/")).status == 200)
        }
    }

    @Test("a peer that goes away during its answer ends its connection", arguments: ["/large", "/stream-large"])
    func goneDuringAnswer(path: String) throws {
        try withServer { server in
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get(path))
            _ = try socket.take(100)
            socket.reset()
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
            #expect(try server.connect().exchange(get("/")).status == 200)
        }
    }
}
