import Testing

@testable import AsyncHTTP

@Suite("Client: answers")
struct ClientResponseTests {
    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(
        "a body is received to its end, by length, in chunks, or to the connection's end",
        arguments: [
            (answer("hello"), "hello"), (answer(""), ""),
            (chunked + "2\r\nhe\r\n3;x\r\nllo\r\n0\r\nT: t\r\n\r\n", "hello"),
            ("HTTP/1.1 200 OK\r\n\r\nhello", "hello"), ("HTTP/1.0 200 OK\r\n\r\nhello", "hello"),
            ("HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", "hello"),
            ("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + answer("hello"), "hello"),
        ],
        [true, false]
    )
    func bodies(received: (answer: String, body: String), isWhole: Bool) throws {
        let (fetched, _) = try withClient(limits: clientLimits { _ in }) { server in
            let socket = try server.accept()
            try server.answer(socket, "")
            if isWhole {
                try socket.send(received.answer)
            } else {
                for byte in received.answer.utf8 { try socket.send([byte]) }
            }
        } _: { client, _ in
            await client.fetch()
        }
        #expect(fetched == .answer(200, received.body))
    }

    @Test("an answer to HEAD has no body, whatever it says, nor have 204 and 304")
    func bodiless() throws {
        let (fetched, log) = try withClient { server in
            let socket = try server.accept()
            try server.answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            try server.answer(socket, "HTTP/1.1 204 No Content\r\n\r\n")
            try server.answer(socket, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
            try server.answer(socket, answer("end"))
        } _: { client, _ in
            var all = [await client.fetch(.head)]
            for _ in 0..<3 { all.append(await client.fetch()) }
            return all
        }
        #expect(fetched == [.answer(200, ""), .answer(204, ""), .answer(304, ""), .answer(200, "end")])
        #expect(log.count { $0 == "accepted" } == 1)
    }

    @Test("the head is handed over with its fields")
    func head() throws {
        let (response, _) = try withClient { server in
            try server.answer(try server.accept(), answer("no", "X-Why: because", "X-Why: so", status: "503 Busy"))
        } _: { client, _ in
            try await client.get("/")
        }
        #expect(response.status == 503)
        #expect(response.head.reason == "Busy")
        #expect(response.fields.values(for: "x-why") == ["because", "so"])
    }

    @Test(
        "an answer that breaks the rules is malformed, and its connection is not used again",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", chunked + "zz\r\n",
            chunked + "2\r\nabc\r\n",
            "nonsense\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 101) + "\r\n",
            "HTTP/1.1 200 OK\r\nA: \(String(repeating: "b", count: 16384))\r\n\r\n",
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9) + answer("late"),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        ]
    )
    func malformed(text: String) throws {
        let (fetched, log) = try withClient { server in
            let first = try server.accept()
            try server.answer(first, text)
            #expect(try first.readToEnd().text == "")
            try server.answer(try server.accept(), answer("fine"))
        } _: { client, _ in
            [await client.fetch(), await client.fetch()]
        }
        #expect(fetched == [.failure(.malformed), .answer(200, "fine")])
        #expect(log.count { $0 == "accepted" } == 2)
    }

    @Test(
        "what is wrong with it is said in words",
        arguments: [
            ("nonsense\r\n\r\n", "the answer does not begin with an HTTP version"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", "more than one Content-Length"),
            (chunked + "zz\r\n", "a chunk size is not a hexadecimal number"),
            (chunked + "0\r\nA\r\n\r\n", "a field line has no colon"),
        ]
    )
    func words(text: String, detail: String) throws {
        let (failure, _) = try withClient { server in
            try server.answer(try server.accept(), text)
        } _: { client, _ in
            await client.failure()
        }
        #expect(failure == ClientError(.malformed, detail))
    }

    @Test(
        "an answer that breaks off is closed, and never a shorter one",
        arguments: [
            "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", chunked + "5\r\nhell", chunked,
        ]
    )
    func cutShort(text: String) throws {
        let (fetched, _) = try withClient { server in
            try server.answer(try server.accept(), text)
        } _: { client, _ in
            await client.fetch()
        }
        #expect(fetched == .failure(.closed))
    }

    @Test("a connection that is reset is told from one that is closed", arguments: ["", "HTTP/1.1 200 OK\r\n\r\nhel"])
    func reset(text: String) throws {
        let (fetched, _) = try withClient { server in
            let socket = try server.accept()
            try server.answer(socket, text)
            socket.reset()
        } _: { client, _ in
            await client.fetch()
        }
        #expect(fetched == .failure(.reset))
    }

    @Test("a body at the limit is taken and one byte more is too large, whichever way its end is found")
    func limit() throws {
        let ways: [@Sendable (String) -> String] = [
            { answer($0) }, { "HTTP/1.1 200 OK\r\n\r\n\($0)" },
            { Self.chunked + $0.map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n" },
        ]
        for make in ways {
            for (body, expected) in [("12345", Fetched.answer(200, "12345")), ("123456", .failure(.tooLarge))] {
                let (fetched, _) = try withClient(limits: clientLimits { $0.body = .bytes(5) }) { server in
                    try server.answer(try server.accept(), make(body))
                } _: { client, _ in
                    await client.fetch()
                }
                #expect(fetched == expected)
            }
        }
    }
}
