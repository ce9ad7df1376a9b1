import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: deadlines and limits")
struct DeadlineTests {
    private static let short = Duration.milliseconds(100)

    @Test(
        "a head that does not end in time is 408 and a close, however often a byte of it comes",
        arguments: [true, false]
    )
    func slowHead(drips: Bool) throws {
        try withServer(limits: serverLimits { $0.headerTimeout = Self.short }) { server in
            let socket = try server.connect()
            try socket.send(get("/") + "GET / HTTP/1.1\r\nHost: a\r\n")
            #expect(try socket.readAnswer().status == 200)
            if drips {
                #expect(eventually { socket.trySending([0x61]) == 0 && socket.isReadable(within: .milliseconds(5)) })
            }
            let answer = try socket.readAnswer()
            #expect(answer.status == 408)
            #expect(answer["connection"] == "close")
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try server.statistics.rejected[.headerTimeout] == 1)
        }
    }

    @Test("a connection that sends nothing at all is closed without a word")
    func silent() throws {
        try withServer(limits: serverLimits { $0.headerTimeout = Self.short }) { server in
            let (text, end) = try server.connect().readToEnd()
            #expect(text.isEmpty && end == .closed)
        }
    }

    @Test("an idle connection is closed without a word, and not before its time")
    func idle() throws {
        try withServer(limits: serverLimits { $0.idleTimeout = Self.short }) { server in
            let socket = try server.connect()
            _ = try socket.exchange(get("/"))
            let waited = try measured {
                let (text, end) = try socket.readToEnd()
                #expect(text.isEmpty && end == .closed)
            }
            #expect(waited > .milliseconds(50))
            #expect(try server.statistics.answers == 1)
        }
    }

    @Test("a body that does not end in time is 408 and a close", arguments: [true, false])
    func slowBody(drips: Bool) throws {
        try withServer(limits: serverLimits { $0.bodyTimeout = Self.short }) { server in
            let socket = try server.connect()
            try socket.send("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")
            if drips {
                #expect(eventually { socket.trySending([0x61]) == 0 && socket.isReadable(within: .milliseconds(5)) })
            }
            #expect(try socket.readAnswer().status == 408)
            #expect(try socket.readToEnd() == ("", .closed))
            #expect(try server.statistics.rejected[.bodyTimeout] == 1)
        }
    }

    @Test("so is one that a handler has left")
    func slowLeftBody() throws {
        try withServer(limits: serverLimits { $0.bodyTimeout = Self.short }) { server in
            let socket = try server.connect()
            let answer = try socket.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(answer.status == 200)
            #expect(try socket.readToEnd() == ("", .closed))
        }
    }

    @Test("a peer that does not read is reset, and nothing looks like the end", arguments: ["/large", "/stream-large"])
    func slowReader(path: String) throws {
        try withServer(limits: serverLimits { $0.writeTimeout = Self.short }) { server in
            let socket = try server.connect(receiveBuffer: 4096)
            try socket.send(get(path))
            #expect(try eventually { try server.statistics.rejected[.writeTimeout] == 1 })
            let (text, end) = try socket.readToEnd()
            #expect(end == .reset)
            #expect(text.utf8.count < TestHandler.largeBody)
        }
    }

    @Test(
        "a peer that has been refused and goes on sending is heard no longer than the linger timeout",
        arguments: [1, 4096]
    )
    func linger(piece: Int) throws {
        try withServer(limits: serverLimits { $0.lingerTimeout = Self.short }) { server in
            let socket = try server.connect()
            try socket.send("nonsense\r\n\r\n")
            #expect(try socket.readAnswer().status == 400)
            let bytes = [UInt8](repeating: 0x61, count: piece)
            let waited = measured { #expect(eventually { socket.trySending(bytes) != 0 }) }
            #expect(waited > .milliseconds(50))
            #expect(try eventually { try server.statistics.connectionsOpen == 0 })
        }
    }

    @Test("of many peers that have been refused and stay, those beyond the limit are closed at once")
    func lingerers() throws {
        try withServer(
            limits: serverLimits {
                $0.lingerTimeout = .seconds(20); $0.lingering = 2
            }
        ) { server in
            let sockets = try (0..<5).map { _ in try server.connect() }
            for socket in sockets {
                try socket.send("nonsense\r\n\r\n")
                #expect(try socket.readAnswer().status == 400)
            }
            #expect(try eventually { try server.statistics.connectionsOpen == 2 })
            sockets[0].close()
            #expect(try eventually { try server.statistics.connectionsOpen == 1 })
        }
    }

    @Test("one connection too many gets 503 and a close; there is room again when another has left")
    func tooMany() throws {
        try withServer(limits: serverLimits { $0.connections = 2 }) { server in
            let (first, second) = (try server.connect(), try server.connect())
            #expect(try first.exchange(get("/")).status == 200)
            #expect(try second.exchange(get("/")).status == 200)
            let third = try server.connect()
            let answer = try third.readAnswer()
            #expect(answer.status == 503)
            #expect(answer["connection"] == "close")
            #expect(try third.readToEnd() == ("", .closed))
            third.close()
            #expect(try server.statistics.rejected[.tooManyConnections] == 1)

            first.close()
            #expect(try eventually { try server.statistics.connectionsOpen == 1 })
            #expect(try server.connect().exchange(get("/")).status == 200)
            #expect(try second.exchange(get("/")).status == 200)
        }
    }

    @Test("beyond those who are told with patience, the rest are told at once")
    func farTooMany() throws {
        let limits = serverLimits {
            $0.connections = 1
            $0.rejectionsUnderWay = 0
        }
        try withServer(limits: limits) { server in
            let first = try server.connect()
            #expect(try first.exchange(get("/")).status == 200)
            let answer = try server.connect().readAnswer()
            #expect(answer.status == 503)
            #expect(answer["connection"] == "close")
            #expect(try first.exchange(get("/")).status == 200)
        }
    }

    @Test("without descriptors for new connections the old ones are served, nothing spins, and it recovers")
    func noDescriptors() async {
        await #expect(processExitsWith: .success) {
            try withServer(limits: serverLimits { $0.acceptBackoff = .milliseconds(20) }) { server in
                let first = try server.connect()
                #expect(try first.exchange(get("/")).status == 200)
                let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var limit = rlimit()
                unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let usual = limit.rlim_cur
                limit.rlim_cur = 0
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let second = RawSocket(owning: socket)
                let port = try server.port
                let address = try #require(SocketAddress(literal: "127.0.0.1", port: port))
                _ = unsafe address.withSocketAddress { unsafe connect(socket, $0, $1) }
                #expect(try eventually { try server.statistics.rejected[.acceptFailed, default: 0] > 1 })
                #expect(try first.exchange(get("/")).status == 200)
                #expect(try server.statistics.rejected[.acceptFailed, default: 0] < 1000)
                limit.rlim_cur = usual
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                #expect(try second.exchange(get("/")).status == 200)
            }
        }
    }
}
