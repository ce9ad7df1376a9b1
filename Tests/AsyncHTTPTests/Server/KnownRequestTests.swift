import Testing

@testable import AsyncHTTP

@Suite("Known heads: which requests, and how they are answered")
struct KnownRequestTests {
    /// Nothing of these is answered without the handler.
    private static let others = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\n\r\n",
        "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nupgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 2048))\r\n\r\n",
    ]

    @Test("those that are more, or other, than a short GET or HEAD that keeps the connection", arguments: others)
    func never(request: String) throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            var peer = await server.connect()
            for count in 1...5 {
                let answer = await server.exchange(request, with: peer)
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
                #expect(standing.calls == count)
                if answer.contains("Connection: close\r\n") { peer = await server.connect() }
            }
            #expect(await server.known == 0)
            #expect(standing.sent.count == 5)
        }
    }

    @Test(
        "those whose body comes later",
        arguments: [("Content-Length: 3", "abc"), ("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n")]
    )
    func body(field: String, body: String) throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for count in 1...5 {
                #expect(await server.exchange(get("/", field), with: peer).hasSuffix("stands\n"))
                #expect(standing.calls == count)
                #expect(await server.exchange(body, with: peer).isEmpty)
            }
            #expect(await server.known == 0)
        }
    }

    @Test(
        "answers that are no success",
        arguments: [300, 301, 304, 400, 403, 404, 500, 503]
    )
    func failures(code: Int) throws {
        let standing = try Standing(Response(status: HTTPStatus(code: code, reason: "Odd")))
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for count in 1...5 {
                #expect(await server.exchange(get("/"), with: peer).hasPrefix("HTTP/1.1 \(code) "))
                #expect(standing.calls == count)
            }
            #expect(await server.known == 0)
        }
    }

    @Test("answers that do not stand")
    func fleeting() throws {
        let calls = Log<Int>()
        try withMemoryServer { _, responder in
            calls.append(0)
            return try await responder.send(.text("now"))
        } _: { server in
            let peer = await server.connect()
            for _ in 0..<5 { #expect(await server.exchange(get("/"), with: peer).hasSuffix("now\n")) }
            #expect(calls.entries.count == 5)
            #expect(await server.known == 0)
        }
    }

    @Test("a success of any kind is answered again as it was", arguments: [200, 201, 204, 205, 299])
    func successes(code: Int) throws {
        let standing = try Standing(Response(status: HTTPStatus(code: code, reason: "Fine"), body: [0x61]))
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            let answers = [0, 1, 2, 3, 4]
            var all: Set<String> = []
            for _ in answers { all.insert(await server.exchange(get("/"), with: peer)) }
            #expect(all.count == 1 && standing.calls == 2)
            #expect(all.first?.hasPrefix("HTTP/1.1 \(code) Fine\r\n") == true)
            #expect(standing.sent.map(\.status) == answers.map { _ in code })
        }
    }

    @Test("HEAD has the head of GET and no body, in whatever order they come")
    func head() throws {
        let standing = try Standing()
        let request = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for _ in 0..<5 {
                let (head, whole) = (
                    await server.exchange(request, with: peer), await server.exchange(get("/"), with: peer)
                )
                #expect(head.hasSuffix("\r\n\r\n") && head.contains("Content-Length: 7\r\n"))
                #expect(whole == head + "stands\n")
            }
            #expect(standing.calls == 4)
        }
    }

    @Test("HTTP/1.0 that asks for it is told each time that its connection is kept")
    func keptExplicitly() throws {
        // Two heads may have the same place among those that were seen once, and then neither is ever remembered: one of 256 pairs.
        let calls = try (0..<4).map { number in
            let standing = try Standing()
            let request = "GET /\(number) HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            try withMemoryServer(handler: standing.handle) { server in
                let peer = await server.connect()
                for _ in 0..<5 {
                    let answer = await server.exchange(request, with: peer)
                    #expect(answer.contains("\r\nConnection: keep-alive\r\n") && answer.hasSuffix("stands\n"))
                    #expect(await !server.exchange(get("/\(number)"), with: peer).contains("Connection"))
                }
            }
            return standing.calls
        }
        #expect(calls.contains(4), "\(calls)")
    }

    @Test("one that comes with others is not remembered for it")
    func pipelined() throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for _ in 0..<3 { _ = await server.exchange(get("/first") + get("/last"), with: peer) }
            #expect(standing.calls == 6)
            for _ in 0..<2 { #expect(await server.exchange(get("/last"), with: peer).hasSuffix("stands\n")) }
            #expect(standing.calls == 6, "the last has come without another behind it")
            for _ in 0..<2 { #expect(await server.exchange(get("/first"), with: peer).hasSuffix("stands\n")) }
            #expect(standing.calls == 8)
        }
    }

    @Test("a peer that fills the table does harm to nobody's answers")
    func crowd() throws {
        let calls = Log<String>()
        try withMemoryServer { request, responder in
            calls.append(request.target.path)
            let response = try PreparedResponse(.text(request.target.path))
            return try await responder.send(response, standing: response)
        } _: { server in
            let (greedy, other) = (await server.connect(), await server.connect())
            for round in 0..<3 {
                for number in 0..<300 {
                    let path = "/\(number)\(String(repeating: "x", count: number))"
                    for _ in 0..<2 {
                        #expect(await server.exchange(get(path), with: greedy).hasSuffix("\r\n\r\n\(path)\n"))
                    }
                    guard number % 10 == 0 else { continue }
                    #expect(await server.exchange(get("/mine"), with: other).hasSuffix("\r\n\r\n/mine\n"))
                }
                #expect(await server.known == 64, "in round \(round)")
            }
            #expect(await server.heldBytes < 64 * 2048)
            #expect(calls.entries.filter { $0 == "/mine" }.count < 30)
        }
    }

    @Test("nor does it take the room that others need for requests in pieces", arguments: [2000, 8000])
    func budget(pendingBytes: Int) throws {
        let limits = serverLimits { $0.pendingBytes = .bytes(pendingBytes) }
        try withMemoryServer(limits: limits) { request, responder in
            let response = try PreparedResponse(.text("OK"))
            return try await responder.send(response, standing: response)
        } _: { server in
            let greedy = await server.connect()
            for number in 0..<200 {
                let request = get("/\(number)", "X: \(String(repeating: "x", count: 400))")
                for _ in 0..<2 { #expect(await server.exchange(request, with: greedy).hasSuffix("OK\n")) }
            }
            #expect(await server.heldBytes <= pendingBytes / 2)
            let request = get("/", "X: \(String(repeating: "x", count: 400))")
            let other = await server.connect()
            _ = await server.exchange(String(request.prefix(300)), with: other)
            #expect(await server.exchange(String(request.dropFirst(300)), with: other).hasSuffix("OK\n"))
        }
    }
}
