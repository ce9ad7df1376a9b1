import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Client: deadlines, failures and cancellation")
struct ClientErrorTests {
    private static let short = Duration.milliseconds(100)

    @Test("nobody listening is a failure to connect that says where and why")
    func refused() throws {
        let failure = try withEventLoops { group in
            let client = HTTPClient(.internet(host: "127.0.0.1", port: 1), on: group.first)
            return await client.failure()
        }
        #expect(failure?.kind == .connect)
        #expect(failure?.detail == "connect 127.0.0.1:1: Connection refused")
        #expect(failure.map { "\($0)" } == "connect: connect 127.0.0.1:1: Connection refused")
    }

    @Test("so is a unix socket that is not there, and one whose path is too long")
    func noSocket() throws {
        for path in ["/no/such/socket", String(repeating: "p", count: 108)] {
            let fetched = try withEventLoops { group in
                await HTTPClient(.unix(path: path), on: group.first).fetch()
            }
            #expect(fetched == .failure(.connect))
        }
    }

    @Test("when this process has no descriptor left, that is told from a server that is not there")
    func exhausted() async {
        await #expect(processExitsWith: .success) {
            try withServer { server in
                let port = try server.port
                let fetched = try withEventLoops { group in
                    let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: group.first)
                    let usual = try setDescriptorLimit(0)
                    let without = await client.failure()
                    #expect(without?.detail == "socket: Too many open files")
                    try setDescriptorLimit(usual)
                    return [without.map { .failure($0.kind) }, await client.fetch()]
                }
                #expect(fetched == [.failure(.exhausted), .answer(200, "OK\n")])
            }
        }
    }

    @Test("a server that does not accept is a timeout while connecting")
    func connectTimeout() throws {
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
        let listener = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 0)
        let port = try #require(listener.localAddress()?.port)
        // Linux takes one more than the backlog says, and lets the others try again and again.
        let waiting = try RawSocket(port: port)
        let limits = clientLimits { $0.connectTimeout = Self.short }
        let failure = try withEventLoops { group in
            let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: group.first, limits: limits)
            return await client.failure()
        }
        #expect(failure?.kind == .timeout)
        #expect(failure?.detail == "while connecting to 127.0.0.1:\(port)")
        waiting.close()
    }

    @Test("a silent server is a timeout while waiting for the first byte")
    func firstByteTimeout() throws {
        let limits = clientLimits { $0.firstByteTimeout = Self.short }
        let (failure, _) = try withClient(limits: limits) { server in
            let socket = try server.accept()
            #expect(try socket.readToEnd().text.hasPrefix("GET / HTTP/1.1\r\n"))
        } _: { client, _ in
            await client.failure()
        }
        #expect(failure == ClientError(.timeout, "while waiting for the first byte of the answer"))
    }

    @Test("an answer that does not end in time is a timeout, however often a piece of it comes")
    func totalTimeout() throws {
        let endless = [
            "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        ]
        for begin in endless {
            let (failure, _) = try withClient(limits: clientLimits { $0.totalTimeout = Self.short }) { server in
                let socket = try server.accept()
                try server.answer(socket, begin)
                #expect(eventually { socket.trySending([0x61]) != 0 })
            } _: { client, _ in
                await client.failure()
            }
            #expect(failure == ClientError(.timeout, "while receiving the answer"))
        }
    }

    @Test("nor does one help that never pauses")
    func flood() throws {
        let limits = clientLimits {
            $0.totalTimeout = Self.short
            $0.body = .mebibytes(1 << 20)
        }
        let (fetched, _) = try withClient(limits: limits) { server in
            let socket = try server.accept()
            try server.answer(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunks = Array(String(repeating: "1\r\na\r\n", count: 20_000).utf8)
            while socket.trySending(chunks) == 0 {}
        } _: { client, _ in
            await client.fetch()
        }
        #expect(fetched == .failure(.timeout))
    }

    @Test("a server that does not read is a timeout while sending")
    func sendTimeout() throws {
        let done = Log<Void>()
        let (failure, _) = try withClient(limits: clientLimits { $0.totalTimeout = Self.short }) { server in
            let socket = try server.accept()
            #expect(eventually { socket.isReadable(within: .milliseconds(10)) })
            // Nothing is read before the client has given up.
            #expect(eventually { done.entries.count == 1 })
        } _: { client, _ in
            let body = [UInt8](repeating: 0x61, count: 32 << 20)
            let error = await client.failure(.post, body: body)
            done.append(())
            return error
        }
        #expect(failure == ClientError(.timeout, "while sending the request"))
    }

    @Test(
        "a request that is not valid is refused before anything is sent",
        arguments: ["", "no-slash", "/a b", "/a\r\nX: y", "/a\0", "/a#b"]
    )
    func invalidTarget(target: String) throws {
        let (fetched, log) = try withClient { _ in
        } _: { client, _ in
            await client.fetch(.get, target)
        }
        #expect(fetched == .failure(.invalidRequest))
        #expect(log.isEmpty)
    }

    @Test("fields that the client writes itself are refused", arguments: ["Host", "Content-Length", "Connection"])
    func reservedField(name: String) throws {
        let (failure, log) = try withClient { _ in
        } _: { client, _ in
            var fields = HeaderFields()
            try fields.append(name, "1")
            return await client.failure(.get, fields)
        }
        #expect(failure?.kind == .invalidRequest)
        #expect(log.isEmpty)
    }

    // MARK: Names

    @Test(
        "a name is resolved to all its addresses, and asked for again only when its lifetime is over",
        arguments: [true, false]
    )
    func localhost(isKept: Bool) throws {
        let limits = clientLimits { $0.nameLifetime = isKept ? .seconds(30) : .zero }
        let (fetched, _) = try withClient(limits: limits, host: "localhost") { server in
            for number in 0..<3 { try server.answer(try server.accept(), answer("\(number)", "Connection: close")) }
        } _: { client, _ in
            [await client.fetch(), await client.fetch(), await client.fetch()]
        }
        #expect(fetched == [.answer(200, "0"), .answer(200, "1"), .answer(200, "2")])
    }

    @Test("a literal address takes no thread, in either family")
    func literal() async {
        await #expect(processExitsWith: .success) {
            for host in ["127.0.0.1", "::1"] {
                let before = ThisProcess.threads
                let threads = Log<Int>()
                try withServer(
                    on: [.host(host, port: 0)],
                    handler: { _, responder in
                        threads.append(ThisProcess.threads)
                        return try await responder.send(.text("OK"))
                    },
                    { server in
                        let port = try server.port
                        let fetched = try withEventLoops { group in
                            await HTTPClient(.internet(host: host, port: port), on: group.first).fetch()
                        }
                        #expect(fetched == .answer(200, "OK\n"))
                    }
                )
                #expect(threads.entries == [before + 1])
                #expect(eventually { ThisProcess.threads == before })
            }
        }
    }

    @Test("an unknown name cannot be resolved, and two who ask at once are both told")
    func unknownName() throws {
        let errors = try withEventLoops { group in
            let client = HTTPClient(.internet(host: "nobody.invalid", port: 80), on: group.first)
            async let first = client.failure()
            async let second = client.failure()
            return [await first, await second]
        }
        for failure in errors { #expect(failure?.kind == .resolve) }
        #expect(errors[0]?.detail.contains("nobody.invalid") == true)
    }

    @Test("a name is not waited for longer than connecting may take")
    func slowName() throws {
        let fetched = try withEventLoops { group in
            let limits = clientLimits { $0.connectTimeout = .zero }
            return await HTTPClient(.internet(host: "localhost", port: 80), on: group.first, limits: limits).fetch()
        }
        #expect([.failure(.resolve), .failure(.timeout)].contains(fetched))
    }

    // MARK: Cancellation

    @Test("cancellation ends a request wherever it waits", arguments: ["127.0.0.1", "localhost"], [true, false])
    func cancelled(host: String, before: Bool) throws {
        let gate = Gate()
        let (fetched, _) = try withClient(host: host) { server in
            if before { return }
            let socket = try server.accept()
            gate.open()
            _ = try socket.readToEnd()
        } _: { client, _ in
            await withTaskGroup(of: Fetched.self) { tasks in
                if before { tasks.cancelAll() }
                tasks.addTask { await client.fetch() }
                if !before { await gate.pass() }
                tasks.cancelAll()
                return await tasks.next()
            }
        }
        #expect(fetched == .failure(.cancelled))
    }

    @Test("closing the client ends its requests")
    func closed() throws {
        let gate = Gate()
        let (fetched, _) = try withClient { server in
            let socket = try server.accept()
            gate.open()
            _ = try socket.readToEnd()
        } _: { client, _ in
            async let fetched = client.fetch()
            await gate.pass()
            await client.close()
            return await fetched
        }
        #expect(fetched == .failure(.cancelled))
    }
}
