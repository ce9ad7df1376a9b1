import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: connections")
struct ConnectionTests {
    @Test("HTTP/1.1 is kept unless it says close, HTTP/1.0 is closed unless it says keep-alive")
    func persistence() throws {
        try withServer { server in
            let kept = try server.connect()
            for _ in 0..<3 { #expect(try kept.exchange(get("/"))["connection"] == nil) }
            #expect(try kept.exchange(get("/", "Connection: close"))["connection"] == "close")
            #expect(try kept.readToEnd() == ("", .closed))

            let old = try server.connect()
            let answer = try old.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(answer["connection"] == "keep-alive")
            #expect(try old.exchange("GET / HTTP/1.0\r\n\r\n")["connection"] == "close")
            #expect(try old.readToEnd() == ("", .closed))
        }
    }

    @Test("requests that arrive together are answered in order", arguments: [1, 8, 64])
    func pipelined(limit: Int) throws {
        try withServer(limits: serverLimits { $0.pipelinedRequests = limit }) { server in
            let socket = try server.connect()
            let bodies = (0..<300).map { "request \($0)" }
            try socket.send(bodies.map { post("/collect", $0) }.joined())
            for body in bodies { #expect(try socket.readAnswer().text == body) }
        }
    }

    @Test("bytes that come too late to be read do not turn the end of an answer into a reset")
    func unreadBytes() throws {
        let gate = Gate()
        try withServer(
            handler: { _, responder in
                await gate.pass()
                return try await responder.send(.text("OK"))
            },
            { server in
                let socket = try server.connect()
                try socket.send(get("/", "Connection: close"))
                #expect(eventually { gate.waiting == 1 })
                try socket.send(get("/"))
                gate.open()
                #expect(try socket.readAnswer().status == 200)
                #expect(try socket.readToEnd() == ("", .closed))
            }
        )
    }

    @Test("a connection that keeps its loop busy does not keep the others waiting")
    func fairness() throws {
        try withServer { server in
            let busy = try server.connect()
            let thread = try Thread.start { [raw = busy.raw] in
                let requests = Array(String(repeating: get("/"), count: 500).utf8)
                for _ in 0..<20 {
                    _ = unsafe send(raw, requests, requests.count, Int32(MSG_NOSIGNAL))
                }
            }
            let reader = try Thread.start { [raw = busy.raw] in
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while unsafe recv(raw, &buffer, buffer.count, 0) > 0 {}
            }
            let other = try server.connect()
            for _ in 0..<20 { #expect(try other.exchange(get("/")).status == 200) }
            thread.join()
            busy.finishSending()
            reader.join()
        }
    }

    @Test("a body is gone once the next request has come")
    func bodyOfAnother() throws {
        let bodies = Log<ObjectIdentifier>()
        try withServer(
            handler: { request, responder in
                let connection = request.body.connection
                bodies.append(ObjectIdentifier(connection))
                let other = RequestBody(connection: connection, exchange: request.body.exchange &- 1)
                await #expect(throws: ConnectionError.exchangeOver) { try await other.next() }
                return try await responder.send(.text("OK"))
            },
            { server in
                let answer = try server.connect().exchange(post("/", "abc"))
                #expect(answer.status == 200)
                #expect(bodies.entries.count == 1)
            }
        )
    }

    @Test("the statistics count connections, answers and bytes")
    func statistics() throws {
        try withServer(loops: 2) { server in
            let socket = try server.connect()
            let request = get("/no-content") + get("/not-modified") + get("/throw")
            try socket.send(request)
            let answers = try socket.readToEnd().text
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
            _ = try server.connect().exchange(get("/"))
            let statistics = try server.statistics
            #expect(statistics.connectionsTotal == 2)
            #expect(statistics.answersByClass == [0, 0, 2, 1, 0, 1])
            #expect(statistics.answers == 4)
            #expect(statistics.bytesReceived == request.utf8.count + get("/").utf8.count)
            #expect(try eventually { try server.statistics.bytesSent > answers.utf8.count })
            #expect(statistics.rejected.filter { $0.value > 0 } == [.handlerFailed: 1])
        }
    }

    @Test("a peer that closes, has little room and sends two bytes more still gets all of its answer")
    func slowGoodbye() throws {
        try withServer { server in
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            // The answer is on its way, as far as there is room for it; what follows was not asked for.
            usleep(50_000)
            try socket.send("\r\n")
            usleep(50_000)
            let answer = try socket.readAnswer()
            #expect(answer.status == 200)
            #expect(answer.body.count == Int(answer["content-length"] ?? ""))
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }
}
