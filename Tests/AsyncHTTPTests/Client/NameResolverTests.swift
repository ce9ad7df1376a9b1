import Testing

@testable import AsyncHTTP

@Suite("Client: names")
struct NameResolverTests {
    /// Asks on a loop, for an attempt with so much time left.
    private func addresses(
        of endpoint: ClientEndpoint,
        within time: Duration = .seconds(10),
        cancelled: Bool = false
    ) throws -> Result<[String], ClientError> {
        try withEventLoops { group in
            let asker = Asker(on: group.first)
            return await asker.ask(endpoint, until: .now.advanced(by: time), cancelled: cancelled)
        }
    }

    /// Lives on the loop, as clients do.
    private actor Asker {
        private let loop: EventLoop
        private let resolver: NameResolver

        init(on loop: EventLoop) {
            self.loop = loop
            resolver = NameResolver(on: loop, lifetime: .seconds(30))
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        func ask(
            _ endpoint: ClientEndpoint,
            until: MonotonicInstant,
            cancelled: Bool
        ) async -> Result<[String], ClientError> {
            let attempt = ClientAttempt(until: until)
            if cancelled { attempt.cancel() }
            do throws(ClientError) {
                return .success(try await resolver.addresses(of: endpoint, for: attempt).map(\.description))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        "literals, paths and localhost are known without asking, although there is no time left",
        arguments: [
            (ClientEndpoint.internet(host: "127.0.0.1", port: 80), ["127.0.0.1:80"]),
            (.internet(host: "::1", port: 81), ["[::1]:81"]),
            (.internet(host: "LocalHost", port: 82), ["127.0.0.1:82", "[::1]:82"]),
            (.unix(path: "/run/agent.sock"), ["unix:/run/agent.sock"]),
        ]
    )
    func known(endpoint: ClientEndpoint, expected: [String]) throws {
        #expect(try addresses(of: endpoint, within: .seconds(-1)) == .success(expected))
    }

    @Test("a path that is too long cannot be connected to")
    func tooLong() throws {
        let endpoint = ClientEndpoint.unix(path: String(repeating: "x", count: 200))
        #expect(throws: ClientError.self) { try addresses(of: endpoint).get() }
    }

    @Test("a name that nobody knows, and one for which there is no time, cannot be resolved", arguments: [10, -1])
    func unknown(seconds: Int) throws {
        let result = try addresses(of: .internet(host: "name.invalid", port: 80), within: .seconds(seconds))
        guard case .failure(let error) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(error.kind == .resolve)
    }

    @Test("who has given up is told so, whatever the answer will be")
    func cancelled() throws {
        let result = try addresses(of: .internet(host: "name.invalid", port: 80), cancelled: true)
        #expect(result == .failure(ClientError(.cancelled, "while resolving name.invalid")))
    }
}
