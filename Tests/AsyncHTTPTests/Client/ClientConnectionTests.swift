import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Client: connections")
struct ClientConnectionTests {
    private static func count(_ log: [String]) -> Int { log.count { $0 == "accepted" } }

    @Test("many requests share one connection")
    func kept() throws {
        let (fetched, log) = try withClient { server in
            let socket = try server.accept()
            for number in 0..<50 { try server.answer(socket, answer("\(number)")) }
        } _: { client, _ in
            var all: [Fetched] = []
            for number in 0..<50 { all.append(await client.fetch(number % 2 == 0 ? .get : .post, "/", body: "")) }
            return all
        }
        #expect(fetched == (0..<50).map { .answer(200, "\($0)") })
        #expect(Self.count(log) == 1)
    }

    @Test("a connection opened ahead is the one that the next request uses, and a second is not opened")
    func openedAhead() throws {
        let (fetched, log) = try withClient { server in
            try server.answer(try server.accept(), answer("1"))
        } _: { client, _ in
            try await client.connect()
            try await client.connect()
            return [await client.fetch()]
        }
        #expect(fetched == [.answer(200, "1")])
        #expect(Self.count(log) == 1)
    }

    @Test("opening a connection ahead says when nobody listens")
    func nobodyListens() throws {
        try withEventLoops { group in
            let client = HTTPClient(.unix(path: "/nobody/listens/here"), on: group.first)
            await #expect(throws: ClientError.self) { try await client.connect() }
        }
    }

    @Test("a server that says that it closes is believed", arguments: ["Connection: close", "Connection: Close, x"])
    func closing(field: String) throws {
        let (fetched, log) = try withClient { server in
            // Open until the end, so that only the field can have told.
            let first = try server.accept()
            try server.answer(first, answer("1", field))
            try server.answer(try server.accept(), answer("2"))
            _ = try first.readToEnd()
        } _: { client, _ in
            [await client.fetch(), await client.fetch()]
        }
        #expect(fetched == [.answer(200, "1"), .answer(200, "2")])
        #expect(Self.count(log) == 2)
    }

    @Test("a kept connection that dies before its first byte is replaced once", arguments: [HTTPMethod.get, .put])
    func retried(method: HTTPMethod) throws {
        let (fetched, log) = try withClient { server in
            let first = try server.accept()
            try server.answer(first, answer("1"))
            _ = try first.readRequest()
            first.reset()
            try server.answer(try server.accept(), answer("2"))
        } _: { client, _ in
            [await client.fetch(), await client.fetch(method)]
        }
        #expect(fetched == [.answer(200, "1"), .answer(200, "2")])
        #expect(Self.count(log) == 2)
    }

    @Test("once only: the fresh connection's death is the answer")
    func retriedOnce() throws {
        let (fetched, log) = try withClient { server in
            let first = try server.accept()
            try server.answer(first, answer("1"))
            _ = try first.readRequest()
            first.close()
            _ = try server.accept().readRequest()
        } _: { client, _ in
            [await client.fetch(), await client.fetch()]
        }
        #expect(fetched == [.answer(200, "1"), .failure(.closed)])
        #expect(Self.count(log) == 2)
    }

    @Test("what may not be done twice is not, nor is what the server has begun to answer")
    func notRetried() throws {
        for (method, begun) in [(HTTPMethod.post, ""), (.patch, ""), (.get, "H")] {
            let (fetched, log) = try withClient { server in
                let first = try server.accept()
                try server.answer(first, answer("1"))
                try server.answer(first, begun)
            } _: { client, _ in
                [await client.fetch(), await client.fetch(method)]
            }
            #expect(fetched == [.answer(200, "1"), .failure(.closed)])
            #expect(Self.count(log) == 1)
        }
    }

    @Test("bytes that nobody asked for cost the kept connection", arguments: [true, false])
    func unsolicited(together: Bool) throws {
        let gate = Gate()
        let (fetched, log) = try withClient { server in
            let first = try server.accept()
            try server.answer(first, answer("1") + (together ? answer("evil") : ""))
            if !together {
                guard eventually({ gate.waiting == 1 }) else { return }
                try first.send(answer("evil"))
            }
            gate.open()
            try server.answer(try server.accept(), answer("2"))
        } _: { client, _ in
            let first = await client.fetch()
            await gate.pass()
            return [first, await client.fetch()]
        }
        #expect(fetched == [.answer(200, "1"), .answer(200, "2")])
        #expect(Self.count(log) == 2)
    }

    @Test("so does its end, which is seen before it is used")
    func endedWhileIdle() throws {
        let gate = Gate()
        let (fetched, log) = try withClient { server in
            let first = try server.accept()
            try server.answer(first, answer("1"))
            guard eventually({ gate.waiting == 1 }) else { return }
            first.close()
            gate.open()
            try server.answer(try server.accept(), answer("2"))
        } _: { client, _ in
            let first = await client.fetch(.post)
            await gate.pass()
            return [first, await client.fetch(.post)]
        }
        #expect(fetched == [.answer(200, "1"), .answer(200, "2")])
        #expect(Self.count(log) == 2)
    }

    @Test("two requests at once have a connection each, and one of the two is kept")
    func concurrent() throws {
        let (fetched, log) = try withClient { server in
            let (first, second) = (try server.accept(), try server.accept())
            try server.answer(second, answer("x"))
            try server.answer(first, answer("x"))
            let kept = first.isReadable(within: .seconds(5)) && (try? first.readRequest()) != nil ? first : second
            try kept.send(answer("3"))
        } _: { client, _ in
            async let first = client.fetch()
            async let second = client.fetch()
            return [await first, await second, await client.fetch()]
        }
        #expect(fetched == [.answer(200, "x"), .answer(200, "x"), .answer(200, "3")])
        #expect(Self.count(log) == 2)
    }

    @Test("a large body is sent whole to a server that reads slowly")
    func largeRequest() throws {
        let body = String(repeating: "0123456789", count: 1 << 20)
        let (fetched, _) = try withClient(limits: clientLimits { _ in }) { server in
            let socket = try server.accept()
            #expect(try socket.readRequest().body.count == body.utf8.count)
            try socket.send(answer("thanks"))
        } _: { client, _ in
            await client.fetch(.post, "/", body: body)
        }
        #expect(fetched == .answer(200, "thanks"))
    }

    @Test("a server that goes away while it is sent to is a reset")
    func resetWhileSending() throws {
        let body = String(repeating: "0123456789", count: 1 << 20)
        let (fetched, _) = try withClient(limits: clientLimits { _ in }) { server in
            let socket = try server.accept()
            _ = try socket.take(1000)
            socket.reset()
        } _: { client, _ in
            await client.fetch(.post, "/", body: body)
        }
        #expect(fetched == .failure(.reset))
    }

    @Test("a unix socket is a server as well, and calls itself localhost")
    func unixSocket() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/socket"
            try withServer(
                on: [.unix(path: path)],
                handler: { request, responder in
                    try await responder.send(.text(request.fields["host"] ?? ""))
                },
                { _ in
                    let fetched = try withEventLoops { group in
                        let client = HTTPClient(.unix(path: path), on: group.first)
                        return [await client.fetch(), await client.fetch()]
                    }
                    #expect(fetched == [.answer(200, "localhost\n"), .answer(200, "localhost\n")])
                }
            )
        }
    }

    @Test("a client that is let go lets go of its connection")
    func letGo() throws {
        try withClient { server in
            let socket = try server.accept()
            try server.answer(socket, answer("1"))
            #expect(try socket.readToEnd() == ("", .closed))
            try server.answer(try server.accept(), answer("2"))
        } _: { client, port in
            do {
                let other = HTTPClient(client.endpoint, on: client.loop)
                #expect(await other.fetch() == .answer(200, "1"))
            }
            #expect(await client.fetch() == .answer(200, "2"))
        }
    }
}
