import Testing

@testable import AsyncHTTP

@Suite("Server: requests that wait to be admitted")
struct SuspensionTests {
    /// Asks something that takes a while.
    private struct Thinker: Middleware {
        let ask: @Sendable () async -> Admission

        func admit(_ request: Request) -> Admission { .suspend(ask) }
    }

    /// Waits for a gate, whatever becomes of the request.
    private static func stubborn(_ gate: Gate) -> Thinker {
        Thinker {
            await gate.pass()
            return .admitOnce
        }
    }

    /// Waits until it is cancelled, and says so.
    private static func obedient(_ log: Log<String>) -> Thinker {
        Thinker {
            log.append("asked")
            while !Task.isCancelled { await Task.yield() }
            log.append("cancelled")
            return .admitOnce
        }
    }

    private static let impatient = serverLimits { $0.admissionTimeout = .milliseconds(50) }

    private func expectRefusal(_ socket: RawSocket) throws {
        let answer = try socket.exchange(get("/"))
        #expect(answer.status == 503)
        #expect(answer["connection"] == "close")
    }

    @Test("what is not decided in time is 503 and a close, and who decides is cancelled")
    func late() throws {
        let log = Log<String>()
        try withServer(limits: Self.impatient, middleware: [Self.obedient(log)]) { server in
            let socket = try server.connect()
            try expectRefusal(socket)
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(log.entries == ["asked", "cancelled"])
            let statistics = try server.statistics
            #expect(statistics.rejected[.admissionTimeout] == 1)
            #expect(statistics.rejected[.handlerFailed] == 0)
            #expect(statistics.pendingBytes == 0)
        }
    }

    @Test("so it is when who decides does not heed that, and the connection ends when it has")
    func stubborn() throws {
        let gate = Gate()
        try withServer(limits: Self.impatient, middleware: [Self.stubborn(gate)]) { server in
            defer { gate.open() }
            let socket = try server.connect()
            try expectRefusal(socket)
            #expect(gate.waiting == 1)
            gate.open()
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("the time is that of all waits of a request together", .timeLimit(.minutes(10)))
    func again() throws {
        @Sendable func waitAgain() -> Admission {
            .suspend {
                await Task.yield()
                return waitAgain()
            }
        }
        try withServer(limits: Self.impatient, middleware: [Thinker { waitAgain() }]) { server in
            try expectRefusal(try server.connect())
        }
    }

    @Test("a handler has all the time it wants once its request has been admitted")
    func admitted() throws {
        let gate = Gate()
        try withServer(limits: Self.impatient, middleware: [Thinker { .admitOnce }]) { request, responder in
            await gate.pass()
            return try await responder.send(.text("OK"))
        } _: { server in
            defer { gate.open() }
            let socket = try server.connect()
            try socket.send(get("/"))
            #expect(eventually { gate.waiting == 1 })
            #expect(!socket.isReadable(within: .milliseconds(100)))
            gate.open()
            #expect(try socket.readAnswer().status == 200)
            #expect(try socket.exchange(get("/")).status == 200)
        }
    }

    @Test("who decides is cancelled when the connection is cut")
    func cut() throws {
        let log = Log<String>()
        try withServer(middleware: [Self.obedient(log)]) { server in
            let socket = try server.connect()
            try socket.send(get("/"))
            #expect(eventually { log.entries == ["asked"] })
            try server.server.shutdown(gracefully: false)
            #expect(eventually { log.entries == ["asked", "cancelled"] })
            #expect(eventually { server.hasEnded })
        }
    }

    @Test("the head of a request that waits counts against what is kept for all")
    func charged() throws {
        let gate = Gate()
        let limits = serverLimits { $0.pendingBytes = .kibibytes(10) }
        let request = get("/", "X: \(String(repeating: "x", count: 3000))")
        try withServer(limits: limits, middleware: [Self.stubborn(gate)]) { server in
            defer { gate.open() }
            let first = try server.connect()
            try first.send(request)
            #expect(eventually { gate.waiting == 1 })
            #expect(try (3000...8000).contains(server.statistics.pendingBytes))
            let others = try (0..<3).map { _ in try server.connect() }
            for socket in others { try socket.send(request) }
            #expect(try eventually { try (server.statistics.rejected[.tooMuchPending] ?? 0) > 0 })
            gate.open()
            #expect(try first.readAnswer().status == 200)
            #expect(try eventually { try server.statistics.pendingBytes == 0 })
        }
    }
}
