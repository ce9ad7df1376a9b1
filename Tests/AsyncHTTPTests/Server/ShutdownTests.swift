import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: ending")
struct ShutdownTests {
    /// Answers what has passed the gate; paths that begin with `/free` need not.
    private static func gated(_ gate: Gate) -> RequestHandler {
        { request, responder in
            if !request.target.path.hasPrefix("/free") { await gate.pass() }
            return try await responder.send(.text(request.target.path))
        }
    }

    @Test("without connections a shutdown ends it at once", arguments: [true, false], [1, 2])
    func nobody(gracefully: Bool, loops: Int) throws {
        try withServer(loops: loops) { server in
            try server.server.shutdown(gracefully: gracefully)
            #expect(eventually { server.hasEnded })
            let port = try server.port
            #expect(throws: (any Error).self) { try RawSocket(port: port) }
        }
    }

    @Test("a shutdown before the start is one as well", arguments: [true, false])
    func beforeStart(gracefully: Bool) throws {
        try withEventLoops { group in
            let server = try HTTPServer(listeningOn: [.port(0)], loops: group.loops, handler: TestHandler.handle)
            server.shutdown(gracefully: gracefully)
            try await server.run()
            let port = try #require(server.port)
            #expect(throws: (any Error).self) { try RawSocket(port: port) }
        }
    }

    @Test("idle connections close at once")
    func idle() throws {
        try withServer(loops: 2) { server in
            let sockets = try (0..<4).map { _ in try server.connect() }
            for socket in sockets.dropFirst() { _ = try socket.exchange(get("/")) }
            #expect(try eventually { try server.statistics.connectionsOpen == 4 })
            try server.server.shutdown()
            for socket in sockets { #expect(try socket.readToEnd() == ("", .closed)) }
            #expect(eventually { server.hasEnded })
        }
    }

    @Test("a busy connection finishes its answer, which says that it is the last")
    func busy() throws {
        let gate = Gate()
        try withServer(handler: Self.gated(gate)) { server in
            let (socket, idle) = (try server.connect(), try server.connect())
            _ = try idle.exchange(get("/free"))
            try socket.send(get("/busy"))
            #expect(eventually { gate.waiting == 1 })
            let port = try server.port
            try server.server.shutdown()
            #expect(try idle.readToEnd() == ("", .closed))
            #expect(!server.hasEnded)
            #expect(eventually { (try? RawSocket(port: port)) == nil }, "nobody is left hanging in a backlog")
            gate.open()
            let answer = try socket.readAnswer()
            #expect(answer.text == "/busy\n")
            #expect(answer["connection"] == "close")
            #expect(try socket.readToEnd() == ("", .closed))
            socket.close()
            #expect(eventually { server.hasEnded })
        }
    }

    @Test("requests that have been received are all answered, and the last answer says that it is the last")
    func pipelined() throws {
        let gate = Gate()
        try withServer(handler: Self.gated(gate)) { server in
            let socket = try server.connect()
            try socket.send(get("/0") + (1...5).map { get("/free\($0)") }.joined())
            #expect(eventually { gate.waiting == 1 })
            try server.server.shutdown()
            gate.open()
            #expect(try socket.readAnswer().text == "/0\n")
            for number in 1...5 {
                let answer = try socket.readAnswer()
                #expect(answer.text == "/free\(number)\n")
                #expect(answer["connection"] == (number == 5 ? "close" : nil))
            }
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("a request of which the beginning has come may still be finished")
    func begun() throws {
        try withServer(limits: serverLimits { $0.drainGrace = .seconds(10) }) { server in
            let socket = try server.connect()
            try socket.send("GET / HT")
            #expect(try eventually { try server.statistics.bytesReceived == 8 })
            try server.server.shutdown()
            let answer = try socket.exchange("TP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
        }
    }

    @Test(
        "but it is not waited for longer than for one of which nothing has come",
        arguments: ["GET /a", "GET / HTTP/1.1\r\nX: a"]
    )
    func neverFinished(begin: String) throws {
        let limits = serverLimits {
            $0.headerTimeout = .seconds(3600)
            $0.drainTimeout = .seconds(3600)
        }
        try withServer(limits: limits) { server in
            let (first, later, dripping) = (try server.connect(), try server.connect(), try server.connect())
            try first.send(begin)
            try later.send(get("/") + begin)
            try dripping.send(begin)
            #expect(try later.readAnswer().status == 200)
            let size = 3 * begin.utf8.count + get("/").utf8.count
            #expect(try eventually { try server.statistics.bytesReceived == size })
            try server.server.shutdown()
            let isLate = eventually { dripping.trySending([0x41]) != 0 || server.hasEnded }
            #expect(isLate && eventually { server.hasEnded })
            for socket in [first, later] { #expect(try socket.readToEnd() == ("", .closed)) }
        }
    }

    @Test("those who waited in the backlog are let in before it closes")
    func backlog() throws {
        try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                handler: TestHandler.handle
            )
            let sockets = try (0..<5).map { _ in try RawSocket(port: server.port ?? 0) }
            for socket in sockets { try socket.send(get("/")) }
            let thread = try Thread.start { [raws = sockets.map(\.raw)] in
                // Wakes the server's patience with those who have been answered.
                for raw in raws {
                    var byte: UInt8 = 0
                    while unsafe recv(raw, &byte, 1, 0) > 0 {}
                    _ = Glibc.shutdown(raw, Int32(SHUT_WR))
                }
            }
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                tasks.addTask {
                    _ = try await eventually(on: group.first) { server.statistics.connectionsTotal > 0 }
                    server.shutdown()
                }
                try await tasks.waitForAll()
            }
            thread.join()
            #expect(server.statistics.connectionsTotal == 5)
            #expect(server.statistics.answers == 5)
        }
    }

    @Test("the drain timeout cuts what is left")
    func drainTimeout() throws {
        try withServer(limits: serverLimits { $0.drainTimeout = .milliseconds(100) }) { server in
            let (head, body, answer) = (try server.connect(), try server.connect(), try server.connect())
            try head.send("GET / HT")
            try body.send("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            try answer.send(get("/sleep"))
            #expect(try eventually { try server.statistics.bytesReceived > 90 })
            let waited = try measured {
                try server.server.shutdown()
                #expect(eventually { server.hasEnded })
            }
            #expect(waited > .milliseconds(50))
            for socket in [head, body, answer] { #expect(try socket.readToEnd().text == "") }
        }
    }

    @Test("a second, impatient shutdown cuts what the first one waits for")
    func impatient() throws {
        try withServer { server in
            let socket = try server.connect()
            try socket.send(get("/sleep"))
            #expect(try eventually { try server.statistics.bytesReceived > 0 })
            try server.server.shutdown()
            try server.server.shutdown()
            #expect(!server.hasEnded)
            try server.server.shutdown(gracefully: false)
            #expect(eventually { server.hasEnded })
            try server.server.shutdown(gracefully: false)
            #expect(try socket.readToEnd().text == "")
        }
    }

    @Test("cancelling run cuts, wherever a connection waits, and cancels its handler", arguments: [1, 2])
    func cancelled(loops: Int) throws {
        try withServer(loops: loops) { server in
            let requests = [
                "", "GET / HT", get("/sleep"), get("/stream-large"),
                "POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", "nonsense\r\n\r\n",
            ]
            let sockets = try requests.map { request in
                let socket = try server.connect(receiveBuffer: 4096)
                try socket.send(request)
                return socket
            }
            #expect(try eventually { try server.statistics.connectionsTotal == sockets.count })
            #expect(try eventually { try server.statistics.answersByClass[2...].reduce(0, +) == 2 })
            server.cancel()
            #expect(eventually { server.hasEnded })
            for socket in sockets { _ = try socket.readToEnd() }
        }
    }

    @Test("it leaves no descriptor open and no thread behind")
    func nothingLeft() async {
        await #expect(processExitsWith: .success) {
            func serve() throws {
                try withServer(on: [.host("127.0.0.1", port: 0), .port(0)], loops: 3) { server in
                    let sockets = try (0..<20).map { _ in try server.connect() }
                    for socket in sockets { _ = try socket.exchange(get("/stream")) }
                    try sockets[0].send(get("/sleep"))
                    try sockets[1].send("GET / HT")
                }
            }
            try serve()
            let (descriptors, threads) = (ThisProcess.descriptors, ThisProcess.threads)
            for _ in 0..<5 { try serve() }
            #expect(ThisProcess.descriptors == descriptors)
            #expect(eventually { ThisProcess.threads <= threads })
        }
    }
}
