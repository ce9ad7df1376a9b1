import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Known heads: time, slow readers and the end")
struct KnownDeadlineTests {
    /// Answers a request from the table, on a connection that stays.
    private func warm(_ server: RunningServer, _ standing: Standing) throws -> RawSocket {
        let socket = try server.connect()
        for _ in 0..<3 { #expect(try socket.exchange(get("/")).status == 200) }
        #expect(standing.calls == 2)
        return socket
    }

    @Test("the time that nobody asked for anything is not the time of the request that ends it")
    func quiet() throws {
        let standing = try Standing()
        let limits = serverLimits {
            $0.headerTimeout = .milliseconds(400)
            $0.idleTimeout = .seconds(1)
        }
        try withServer(limits: limits, handler: standing.handle) { server in
            let socket = try warm(server, standing)
            usleep(700_000)
            #expect(try socket.exchange(get("/")).status == 200)
            #expect(eventually { standing.sent.count == 4 })
            #expect(try #require(standing.sent.last).nanoseconds < 500_000_000)
            usleep(700_000)
            // The head that begins now has its own time, and so has the connection since the last answer.
            try socket.send("GET / HT")
            #expect(try eventually { try server.statistics.bytesReceived == 4 * get("/").utf8.count + 8 })
            #expect(try socket.exchange("TP/1.1\r\nHost: a\r\n\r\n").status == 200)
        }
    }

    @Test("an answer says when it is sent, not when the one before it was")
    func date() throws {
        let standing = try Standing()
        try withServer(handler: standing.handle) { server in
            let socket = try warm(server, standing)
            usleep(2_100_000)
            let now = Int64(time(nil))
            let date = try #require(try socket.exchange(get("/"))["date"].flatMap(IMFDate.init))
            #expect(date.sinceEpoch >= now)
        }
    }

    @Test("a connection that is idle after a known answer is closed in its time, and not before")
    func idle() throws {
        let standing = try Standing()
        try withServer(limits: serverLimits { $0.idleTimeout = .milliseconds(300) }, handler: standing.handle) {
            server in
            let socket = try warm(server, standing)
            for _ in 0..<4 {
                usleep(150_000)
                #expect(try socket.exchange(get("/")).status == 200)
            }
            let waited = try measured {
                let (text, end) = try socket.readToEnd()
                #expect(text.isEmpty && end == .closed)
            }
            #expect(waited > .milliseconds(150))
            #expect(standing.calls == 2)
        }
    }

    @Test("so is one whose first request was known")
    func firstIsKnown() throws {
        let standing = try Standing()
        let limits = serverLimits {
            $0.headerTimeout = .milliseconds(300)
            $0.idleTimeout = .seconds(3600)
        }
        try withServer(limits: limits, handler: standing.handle) { server in
            _ = try warm(server, standing)
            let socket = try server.connect()
            #expect(try socket.exchange(get("/")).status == 200)
            #expect(!socket.isReadable(within: .milliseconds(600)), "its first deadline is over")
            #expect(try socket.exchange(get("/")).status == 200)
            #expect(standing.calls == 2)
        }
    }

    @Test("a head that begins after known ones, or behind one, has to end in time", arguments: [true, false])
    func slowHead(isBehind: Bool) throws {
        let standing = try Standing()
        try withServer(limits: serverLimits { $0.headerTimeout = .milliseconds(100) }, handler: standing.handle) {
            server in
            let socket = try warm(server, standing)
            if isBehind {
                try socket.send(get("/") + "GET / HT")
                #expect(try socket.readAnswer().status == 200)
            } else {
                try socket.send("GET / HT")
            }
            let answer = try socket.readAnswer()
            #expect(answer.status == 408 && answer["connection"] == "close")
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try server.statistics.rejected[.headerTimeout] == 1)
        }
    }

    // MARK: Slow readers

    private static let large = Response(body: [UInt8](repeating: 0x78, count: 8 << 20))

    @Test("what a peer does not take at once is finished later, told once, and the connection goes on")
    func slowReader() throws {
        let standing = try Standing(Self.large)
        try withServer(handler: standing.handle) { server in
            _ = try warm(server, standing)
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get("/"))
            #expect(try eventually { try server.statistics.answers == 4 })
            usleep(50_000)
            #expect(standing.sent.count == 3)
            let other = try server.connect()
            #expect(try other.exchange("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
            #expect(try socket.readAnswer().body == Self.large.body)
            #expect(eventually { standing.sent.count == 5 })
            for _ in 0..<2 { #expect(try socket.exchange(get("/")).body == Self.large.body) }
            #expect(eventually { standing.sent.count == 7 })
            #expect(standing.calls == 3)
        }
    }

    @Test("one that does not read in time is reset, and nobody is told that it has got its answer")
    func neverReads() throws {
        let standing = try Standing(Self.large)
        try withServer(limits: serverLimits { $0.writeTimeout = .milliseconds(100) }, handler: standing.handle) {
            server in
            _ = try warm(server, standing)
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get("/"))
            #expect(try eventually { try server.statistics.rejected[.writeTimeout] == 1 })
            let (text, end) = try socket.readToEnd()
            #expect(end == .reset && text.utf8.count < Self.large.body.count)
            #expect(standing.sent.count == 3 && standing.calls == 2)
        }
    }

    @Test("the answer that is told of is the one that was sent, whatever stands meanwhile")
    func changesMeanwhile() throws {
        let standing = try Standing(Self.large)
        try withServer(handler: standing.handle) { server in
            _ = try warm(server, standing)
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get("/"))
            #expect(try eventually { try server.statistics.answers == 4 })
            try standing.becomes(Response(status: .noContent))
            #expect(try server.connect().exchange(get("/")).status == 204)
            #expect(try socket.readAnswer().body == Self.large.body)
            #expect(eventually { standing.sent.count == 5 })
            #expect(standing.sent.map(\.status) == [200, 200, 200, 204, 200])
        }
    }

    @Test("a peer that goes away while it is answered ends its connection, and nothing else")
    func gone() throws {
        let standing = try Standing(Self.large)
        try withServer(handler: standing.handle) { server in
            _ = try warm(server, standing)
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get("/"))
            _ = try socket.take(100)
            socket.reset()
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
            #expect(try server.connect().exchange(get("/")).body == Self.large.body)
            #expect(standing.sent.count == 4 && standing.calls == 2)
        }
    }

    // MARK: The end

    @Test("a known request that comes while the server drains is told that it is the last")
    func drain() throws {
        let standing = try Standing()
        try withServer(limits: serverLimits { $0.drainGrace = .seconds(10) }, handler: standing.handle) { server in
            let (known, unknown) = (try warm(server, standing), try server.connect())
            #expect(try unknown.exchange(get("/")).status == 200)
            try server.server.shutdown()
            let port = try server.port
            #expect(eventually { (try? RawSocket(port: port)) == nil }, "it has begun to drain")
            let answers = [try known.exchange(get("/")), try unknown.exchange(get("/unknown"))]
            for answer in answers { #expect(answer.status == 200 && answer["connection"] == "close") }
            for socket in [known, unknown] { #expect(try socket.readToEnd() == ("", .closed)) }
            #expect(standing.calls == 4)
            #expect(eventually { server.hasEnded })
        }
    }

    @Test("a known request that is the peer's last is answered before the end")
    func halfClosed() throws {
        let standing = try Standing()
        try withServer(handler: standing.handle) { server in
            let socket = try warm(server, standing)
            try socket.send(get("/"))
            socket.finishSending()
            #expect(try socket.readAnswer().text == "stands\n")
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
            #expect(standing.calls == 2)
        }
    }
}
