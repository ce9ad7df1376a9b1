import Synchronization
import Testing

@testable import AsyncHTTP

@Suite("Server: who is asked before a request is routed")
struct MiddlewareTests {
    /// Answers by the header `Who`, and remembers whom it was asked about.
    private final class Doorkeeper: Middleware {
        let asked = Mutex<[String]>([])

        func admit(_ request: Request) -> Admission {
            let who = request.fields["Who"] ?? ""
            asked.withLock { $0.append(who) }
            switch who {
            case "friend": return .admit(generation: 1)
            case "guest": return .admitOnce
            case "slow friend":
                return .suspend {
                    await Task.yield()
                    return .suspend { .admitOnce }
                }
            case "slow stranger": return .suspend { Self.refusal }
            default: return Self.refusal
            }
        }

        private static var refusal: Admission {
            guard let response = try? PreparedResponse(.text("who are you?", status: .forbidden)) else {
                return .admitOnce
            }
            return .refuse(response)
        }
    }

    private struct Everybody: Middleware {
        func admit(_ request: Request) -> Admission { .admitOnce }
    }

    private func ask(_ who: String, _ keepers: [any Middleware]) throws -> String {
        let thread = try BackgroundLoop()
        let server = try HTTPServer(
            listeningOn: [.host("127.0.0.1", port: 0)],
            loops: [thread.loop],
            middleware: keepers
        ) { _, responder in try await responder.send(.text("welcome")) }
        try thread.start { try? await server.run() }
        defer {
            server.shutdown()
            thread.join()
        }
        let socket = try RawSocket(port: server.port ?? 0)
        let answer = try socket.exchange("GET /\(who.isEmpty ? "" : "x") HTTP/1.1\r\nHost: a\r\nWho: \(who)\r\n\r\n")
        #expect(try socket.exchange("GET / HTTP/1.1\r\nHost: a\r\nWho: guest\r\n\r\n").text == "welcome\n")
        return answer.text
    }

    @Test(
        "the handler is reached by those who are admitted, at once or after a while, and by nobody else",
        arguments: [
            ("friend", "welcome\n"), ("guest", "welcome\n"), ("slow friend", "welcome\n"),
            ("slow stranger", "who are you?\n"), ("stranger", "who are you?\n"), ("", "who are you?\n"),
        ]
    )
    func admission(who: String, answer: String) throws {
        #expect(try ask(who, [Everybody(), Doorkeeper()]) == answer)
    }

    @Test("the first that refuses has the last word")
    func order() throws {
        let second = Doorkeeper()
        #expect(try ask("stranger", [Doorkeeper(), second]) == "who are you?\n")
        #expect(second.asked.withLock { $0 } == ["guest"])
    }

    private struct Friend: Caller {
        let name: String
    }

    /// Knows everybody by a header, at once or after a while.
    private struct Acquaintance: Middleware {
        func admit(_ request: Request) -> Admission {
            request.caller = request.fields["Who"].map(Friend.init)
            return request.fields.contains("Slow") ? .suspend { .admitOnce } : .admitOnce
        }
    }

    @Test("a handler sees whom a middleware has recognised, also after a while", arguments: ["", "Slow: yes\r\n"])
    func caller(field: String) throws {
        try withServer(middleware: [Acquaintance()]) { request, responder in
            try await responder.send(.text(request.caller?.name ?? "nobody"))
        } _: { server in
            let socket = try server.connect()
            for (who, name) in [("Who: you\r\n", "you"), ("", "nobody"), ("Who: me\r\n", "me")] {
                #expect(try socket.exchange("GET / HTTP/1.1\r\nHost: a\r\n\(who)\(field)\r\n").text == "\(name)\n")
            }
        }
    }

    @Test("an error of a handler is a 500 that somebody is told of, and counted; a peer's fault is not")
    func failures() throws {
        struct Broken: Error {}
        let told = Mutex<[String]>([])
        let box = Box(told)
        let thread = try BackgroundLoop()
        let server = try HTTPServer(
            listeningOn: [.host("127.0.0.1", port: 0)],
            loops: [thread.loop],
            failed: { error in box.told.withLock { $0.append("\(error)") } }
        ) { request, responder in
            if request.target.path == "/breaks" { throw Broken() }
            return try await responder.send(Response(body: try await request.body.collect(upTo: .bytes(3))))
        }
        try thread.start { try? await server.run() }
        for _ in 0..<2 {
            #expect(try RawSocket(port: server.port ?? 0).exchange(get("/breaks")).status == 500)
        }
        #expect(try RawSocket(port: server.port ?? 0).exchange(post("/", "too long")).status == 413)
        #expect(try RawSocket(port: server.port ?? 0).exchange(postChunked("/") + "x\r\n").status == 400)
        #expect(server.statistics.rejected[.handlerFailed] == 2)
        #expect(box.told.withLock { $0 } == ["Broken()", "Broken()"])
        server.shutdown()
        thread.join()
    }

    private final class Box: Sendable {
        let told: Mutex<[String]>
        init(_ told: consuming Mutex<[String]>) { self.told = told }
    }
}
