import Synchronization
import Testing

@testable import AsyncHTTP

@Suite("Known heads: answers that stand")
struct StandingAnswerTests {
    private func served(
        _ body: @escaping @Sendable (Standing, @escaping @Sendable () async -> String) async throws -> Void
    ) throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for _ in 0..<4 { #expect(await server.exchange(get("/"), with: peer).hasSuffix("stands\n")) }
            #expect(standing.calls == 2)
            try await body(standing) { await server.exchange(get("/"), with: peer) }
        }
    }

    @Test("another version is answered at once, and nobody is asked for it")
    func changes() throws {
        try served { standing, ask in
            for version in 0..<5 {
                try standing.becomes(.text("version \(version)"))
                for _ in 0..<3 { #expect(await ask().hasSuffix("\r\n\r\nversion \(version)\n")) }
            }
            #expect(standing.calls == 2 && standing.sent.count == 19)
        }
    }

    @Test("one that has to be made first is asked for, and known again from then on")
    func unfinished() throws {
        try served { standing, ask in
            for round in 1...3 {
                try standing.becomes(.text("round \(round)"), isFinished: false)
                for _ in 0..<3 { #expect(await ask().hasSuffix("\r\n\r\nround \(round)\n")) }
                #expect(standing.calls == 2 + round)
            }
        }
    }

    @Test("what has become no success is what the handler says, each time, until it is one again")
    func failure() throws {
        try served { standing, ask in
            try standing.becomes(.text("broken", status: .serviceUnavailable))
            for count in 1...3 {
                #expect(await ask().hasPrefix("HTTP/1.1 503 "))
                #expect(standing.calls == 2 + count)
            }
            try standing.becomes(.text("again"))
            for _ in 0..<3 { #expect(await ask().hasSuffix("again\n")) }
            #expect(standing.calls == 5)
        }
    }

    @Test("the answer that was sent when a head was entered may have been an older one")
    func enteredLate() throws {
        let standing = try Standing()
        try withMemoryServer { request, responder in
            let old = try PreparedResponse(.text("old"))
            return try await responder.send(old, standing: standing)
        } _: { server in
            let peer = await server.connect()
            for _ in 0..<2 { #expect(await server.exchange(get("/"), with: peer).hasSuffix("old\n")) }
            #expect(await server.exchange(get("/"), with: peer).hasSuffix("stands\n"))
        }
    }

    @Test("an answer that has been replaced is kept by no head, once one of them has been answered anew")
    func letGo() throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            let peer = await server.connect()
            for path in ["/", "/never-again"] {
                for _ in 0..<3 { #expect(await server.exchange(get(path), with: peer).hasSuffix("stands\n")) }
            }
            weak let old = standing.current()
            #expect(old != nil && standing.calls == 4)
            try standing.becomes(.text("new"))
            #expect(await server.exchange(get("/"), with: peer).hasSuffix("new\n"))
            #expect(old == nil && standing.calls == 4)
        }
    }

    /// Begins the server's end when it is asked for its answer.
    private final class Last: StandingAnswer {
        let answer: PreparedResponse
        let server: MemoryServer

        init(_ server: MemoryServer) throws {
            answer = try PreparedResponse(.text("last"))
            self.server = server
        }

        var version: UInt64 { 0 }

        func current() -> PreparedResponse? {
            server.assumeIsolated { $0.drain() }
            return answer
        }

        func sent(_ status: HTTPStatus, after nanoseconds: Int64) {}
    }

    @Test("one that says it is the last is the last, whoever begins the end meanwhile")
    func endsMeanwhile() throws {
        let last = Mutex<Last?>(nil)
        try withMemoryServer(standing: { _ in last.withLock { $0 } }) { _, responder in
            try await responder.send(.text("no"))
        } _: { server in
            let ending = try Last(server)
            last.withLock { $0 = ending }
            defer { last.withLock { $0 = nil } }
            let peer = await server.connect()
            #expect(await server.exchange(get("/"), with: peer).contains("\r\nConnection: close\r\n"))
            #expect(await server.exchange(get("/"), with: peer).isEmpty)
        }
    }

    @Test("whoever counts is told of each answer, with the time since its request was received")
    func told() throws {
        let standing = try Standing()
        try withServer(handler: standing.handle) { server in
            let socket = try server.connect()
            for _ in 0..<5 { _ = try socket.exchange(get("/")) }
            _ = try socket.exchange("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { standing.sent.count == 6 })
            #expect(standing.sent.allSatisfy { $0.status == 200 && (0..<5_000_000_000).contains($0.nanoseconds) })
        }
    }

    @Test("a prepared response stands for ever")
    func prepared() throws {
        let response = try PreparedResponse(.text("OK"))
        #expect(response.version == 0 && response.current() === response)
    }
}
