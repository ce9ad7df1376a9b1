import AsyncHTTP
import Glibc
import Synchronization
import Testing

@testable import Access

@Suite("Authoriser: logins that have to be computed")
struct AuthoriserQueueTests {
    /// A server whose authoriser's thread is held up, and clients of it.
    private actor Crowd {
        private nonisolated let loop: EventLoop
        private let port: UInt16

        init(on loop: EventLoop, port: UInt16) {
            (self.loop, self.port) = (loop, port)
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        func ask(_ authorization: String) async throws -> ClientResponse {
            let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: loop)
            var fields = HeaderFields()
            try fields.append("Authorization", authorization)
            let response = try await client.get("/", fields: fields)
            await client.close()
            return response
        }
    }

    @Test("while eight logins wait the ninth is told to come again, and who is known notices nothing")
    func queue() throws {
        let counters = AccessCounters()
        let authoriser = try Authoriser(try Known.alice(), realm: "tests", counters: counters)
        try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops,
                middleware: [authoriser]
            ) { _, responder in try await responder.send(.text("welcome")) }
            let crowd = Crowd(on: group.first, port: server.port ?? 0)
            let serving = Task(executorPreference: group.first.taskExecutor) { try await server.run() }
            let alice = Known.basic("alice", Known.password)
            #expect(try await crowd.ask(alice).status == 200)

            let barrier = Barrier()
            let statuses = try await withThrowingTaskGroup(of: ClientResponse?.self) { tasks in
                tasks.addTask {
                    try await authoriser.hashing.run { barrier.pass() }
                    return nil
                }
                while !barrier.isReached { try await group.first.clock.sleep(for: .milliseconds(1)) }
                for number in 0..<64 { tasks.addTask { try await crowd.ask(Known.basic("alice", "guess \(number)")) } }
                while counters.statistics.busy < 56 { try await group.first.clock.sleep(for: .milliseconds(1)) }
                for _ in 0..<10 { #expect(try await crowd.ask(alice).status == 200) }
                barrier.open()
                var statuses: [Int: Int] = [:]
                for try await response in tasks {
                    guard let response else { continue }
                    statuses[response.status, default: 0] += 1
                    if response.status == 429 { #expect(response.fields["Retry-After"] == "1") }
                }
                return statuses
            }
            #expect(statuses == [401: 8, 429: 56])
            #expect(counters.statistics == AccessStatistics(wrong: 8, busy: 56))
            server.shutdown()
            try await serving.value
        }
        authoriser.hashing.stop()
    }

    @Test("a login for which nobody waits any more is neither computed nor counted")
    func leaving() throws {
        let counters = AccessCounters()
        let authoriser = try Authoriser(try Known.alice(), realm: "tests", counters: counters)
        let barrier = Barrier()
        let thread = try BackgroundLoop()
        try thread.start { try? await authoriser.hashing.run { barrier.pass() } }
        while !barrier.isReached { usleep(200) }
        var limits = ServerLimits()
        limits.admissionTimeout = .milliseconds(20)
        let ask = Asking(authoriser, limits: limits)
        #expect(try ask("GET", "/", Known.basic("alice", Known.password)).hasPrefix("503 "))
        barrier.open()
        thread.join()
        authoriser.hashing.stop()
        #expect(counters.statistics == AccessStatistics())
        #expect(try ask("GET", "/", Known.basic("alice", Known.password)).hasPrefix("429 "))
    }

    @Test("the same login is recognised again, and no other is")
    func again() throws {
        let (book, key) = (Rulebook(try Known.alice(), generation: 1), RememberedLogins.Key())
        let login = try #require(Self.login("alice", Known.password))
        let other = try #require(Self.login("alice", "other"))
        var remembered = RememberedLogins(capacity: 2)
        let digest = key.digest(of: login, against: book.user(login)?.hash)
        remembered.remember(digest)
        remembered.remember(digest)
        #expect(remembered.contains(digest))
        #expect(!remembered.contains(key.digest(of: other, against: book.user(login)?.hash)))
        #expect(!remembered.contains(key.digest(of: login, against: nil)))
        #expect(!remembered.contains(RememberedLogins.Key().digest(of: login, against: book.user(login)?.hash)))
    }

    @Test("as many logins are remembered as may, and the oldest makes room")
    func room() throws {
        let key = RememberedLogins.Key()
        let digests = try (0..<6).map { key.digest(of: try #require(Self.login("u\($0)", "p")), against: nil) }
        var remembered = RememberedLogins(capacity: 2)
        for (index, digest) in digests.enumerated() {
            remembered.remember(digest)
            let known = digests.map { remembered.contains($0) }
            #expect(known == digests.indices.map { $0 <= index && $0 > index - 2 })
        }
        var least = RememberedLogins(capacity: 0)
        least.remember(digests[0])
        #expect(least.contains(digests[0]))
    }

    @Test("where a name ends and a password begins is not lost in what is remembered")
    func borders() throws {
        let key = RememberedLogins.Key()
        let one = key.digest(of: try #require(Self.login("ab", "c")), against: nil)
        let other = key.digest(of: try #require(Self.login("a", "bc")), against: nil)
        #expect(one != other)
    }

    private static func login(_ user: String, _ password: String) -> Login? {
        var fields = HeaderFields()
        try? fields.append("Authorization", Known.basic(user, password))
        if case .basic(let login) = Credentials(fields) { return login }
        return nil
    }

    @Test("a login that is wrong takes as long as the most costly, whoever it names")
    func time() throws {
        let costly = "$2a$10$txH.K5j3g4xSa9uMAwTw9ecGjXAoU4FEYtkQchZMueAFzIcojurF."
        let rules = try Known.rules { $0.users = [try Known.user("cheap"), try Known.user("costly", hash: costly)] }
        let book = Rulebook(rules, generation: 1)
        let clock = ContinuousClock()
        func best(_ name: String) throws -> Duration {
            let login = try #require(Self.login(name, "wrong"))
            return (0..<4).map { _ in clock.measure { #expect(!book.isRight(login)) } }.min() ?? .zero
        }
        // A hash of cost 4 is 64 times as fast as one of cost 10.
        let longest = try best("costly")
        for name in ["cheap", "nobody"] { #expect(try best(name) > longest / 4, "\(name)") }
    }
}
