import Testing

@testable import AsyncHTTP

@Suite("Server: what is kept of bodies on their way")
struct BodyBudgetTests {
    @Test("a body may become as long as what is left, and what is not taken is not charged")
    func share() {
        let budget = BodyBudget(.bytes(100))
        #expect(budget.charge(50, after: 0))
        #expect(!budget.charge(1, after: 50), "half is for others")
        #expect(budget.charge(25, after: 0) && !budget.charge(1, after: 25))
        #expect(budget.charge(12, after: 0) && budget.charge(6, after: 0))
        budget.release(50)
        #expect(budget.charge(1, after: 25))
        for length in [25, 1, 12, 6] { budget.release(length) }
        #expect(budget.charge(50, after: 0))
    }

    @Test("what has arrived and is kept leaves as much less for others")
    func kept() {
        let budget = BodyBudget(.bytes(100))
        #expect(budget.keep(40) && !budget.keep(31) && !budget.charge(31, after: 0))
        budget.release(40)
        #expect(budget.keep(50))
    }

    @Test("however many long ones never end, a short one is taken, and they are told 503 when they want more")
    func server() throws {
        let budget = BodyBudget(.kibibytes(64))
        try withServer(handler: { request, responder in
            let body = try await request.body.collect(within: budget)
            return try await responder.send(.text("\(body.count)"))
        }) { server in
            let sockets = try (0..<100).map { _ in try server.connect() }
            for socket in sockets {
                try socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8193\r\n\r\n")
                try socket.send(String(repeating: "x", count: 8192))
            }
            #expect(try eventually { try (server.statistics.rejected[.tooMuchPending] ?? 0) > 80 })
            let short = try server.connect()
            let answer = try short.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n" + String(repeating: "y", count: 300)
            )
            #expect(answer.status == 200)
            #expect(try sockets[99].readAnswer().status == 503)
            for socket in sockets { socket.close() }
            // Whoever has gone keeps nothing.
            let long =
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n" + String(repeating: "z", count: 30000)
            #expect(try eventually { try server.connect().exchange(long).status == 200 })
        }
    }
}
