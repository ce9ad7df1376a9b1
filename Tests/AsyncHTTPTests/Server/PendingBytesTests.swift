import Testing

@testable import AsyncHTTP

@Suite("Server: what is kept for connections")
struct PendingBytesTests {
    private static func gated(_ gate: Gate) -> RequestHandler {
        { request, responder in
            if request.target.path != "/free" { await gate.pass() }
            return try await responder.send(.text("OK"))
        }
    }

    @Test("of requests that arrive before their turn little is kept, however many a peer sends")
    func pipelined() throws {
        let gate = Gate()
        try withServer(handler: Self.gated(gate)) { server in
            defer { gate.open() }
            let socket = try server.connect()
            let count = 1000
            try socket.send(String(repeating: get("/"), count: count))
            #expect(eventually { gate.waiting == 1 })
            #expect(try (1...8192).contains(server.statistics.pendingBytes))
            gate.open()
            for _ in 0..<count { #expect(try socket.readAnswer().status == 200) }
            #expect(try eventually { try server.statistics.pendingBytes == 0 })
        }
    }

    @Test("nothing is kept for requests that come whole and alone, nor for a body whose length is known")
    func nothing() throws {
        let gate = Gate()
        try withServer(handler: Self.gated(gate)) { server in
            defer { gate.open() }
            let (socket, other) = (try server.connect(), try server.connect())
            #expect(try socket.exchange(get("/free")).status == 200)
            try socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n")
            #expect(eventually { gate.waiting == 1 })
            #expect(try other.exchange(get("/free")).status == 200)
            #expect(try server.statistics.pendingBytes == 0)
            gate.open()
            #expect(try socket.exchange("12345678").status == 200)
        }
    }

    /// Each of these keeps something, one way or another.
    private static let greedy = [
        String(repeating: get("/"), count: 200),
        "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 3500))",
    ]

    @Test("beyond the limit for all connections, the one that wants more gets 503 and a close", arguments: greedy)
    func budget(sent: String) throws {
        let gate = Gate()
        try withServer(limits: serverLimits { $0.pendingBytes = .kibibytes(9) }, handler: Self.gated(gate)) { server in
            defer { gate.open() }
            let first = try (0..<2).map { _ in try server.connect() }
            for (number, socket) in first.enumerated() {
                try socket.send(sent)
                #expect(try eventually { try server.statistics.pendingBytes > number * 3500 })
            }
            let third = try server.connect()
            try third.send(sent)
            let answer = try third.readAnswer()
            #expect(answer.status == 503)
            #expect(answer["connection"] == "close")
            #expect(try third.readToEnd() == ("", .closed))
            #expect(try server.statistics.rejected[.tooMuchPending] == 1)
            #expect(try server.connect().exchange(get("/free")).status == 200, "it came whole")

            gate.open()
            for socket in first { socket.close() }
            #expect(try eventually { try server.statistics.pendingBytes == 0 })
            let later = try server.connect()
            try later.send("GET /free HT")
            #expect(try eventually { try server.statistics.pendingBytes > 0 })
            #expect(try later.exchange("TP/1.1\r\nHost: a\r\n\r\n").status == 200)
        }
    }

    /// What is kept of a head or a body that never ends, beside the bytes as they came.
    private static let endless = [
        postChunked("/collect") + "0\r\nA: \(String(repeating: "x", count: 6000))",
        "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "a:\r\n", count: 90))",
        // A head that is complete is held for as long as its body is waited for.
        "POST /collect HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 6000))\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "POST /collect HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 6000))\r\nContent-Length: 5\r\n\r\nhel",
    ]

    @Test("trailers that never end, and the places of a head's fields, are held to the same limit", arguments: endless)
    func held(sent: String) throws {
        try withServer(limits: serverLimits { $0.pendingBytes = .kibibytes(12) }) { server in
            let sockets = try (0..<8).map { _ in try server.connect() }
            for socket in sockets { try socket.send(sent) }
            #expect(try eventually { try (server.statistics.rejected[.tooMuchPending] ?? 0) > 0 })
            // What is refused is charged until it has been let go of.
            #expect(try eventually { try server.statistics.pendingBytes <= 12 << 10 })
            for socket in sockets { socket.close() }
            #expect(try eventually { try server.statistics.pendingBytes == 0 })
        }
    }

    @Test("a chunked body of which the handler takes little is held to the same limit")
    func chunks() throws {
        try withServer(limits: serverLimits { $0.pendingBytes = .kibibytes(2) }) { server in
            let socket = try server.connect()
            try socket.send(postChunked("/collect") + String(repeating: "1\r\na\r\n", count: 2000))
            #expect(try socket.readAnswer().status == 503)
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try server.statistics.pendingBytes == 0)
        }
    }

    @Test("a head longer than what is received at once is taken, up to its own limit")
    func longHead() throws {
        try withServer(limits: serverLimits { $0.receivedAtOnce = .bytes(7) }) { server in
            let socket = try server.connect()
            let field = "X: \(String(repeating: "x", count: 15_000))"
            #expect(try socket.exchange(get("/", field)).status == 200)
            #expect(try socket.exchange(post("/collect", "0123456789abcdef")).text == "0123456789abcdef")
            let chunked = postChunked("/collect") + "b\r\n0123456789a\r\n0\r\n\r\n"
            #expect(try socket.exchange(chunked).text == "0123456789a")
        }
    }

    @Test("a crowd has left once, when half of it has")
    func crowd() {
        var crowd = Crowd(least: 10)
        crowd.rose(to: 9)
        let tooSmall = crowd.fell(to: 0)
        crowd.rose(to: 100)
        let half = [crowd.fell(to: 51), crowd.fell(to: 50), crowd.fell(to: 10)]
        #expect(!tooSmall && half == [false, true, false])
        crowd.hasLeft()
        let rest = [crowd.fell(to: 6), crowd.fell(to: 5), crowd.fell(to: 0)]
        #expect(rest == [false, true, false])
        crowd.hasLeft()
        let nobody = crowd.fell(to: 0)
        #expect(!nobody)
    }
}
