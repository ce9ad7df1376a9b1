package import AsyncHTTP

/// Every path of a program that is scraped, and the account of what was asked.
package final class Endpoints: Sendable {
    /// Where something is.
    package let paths: [String]
    private let router: Router
    private let scrapes: [Scraped]
    /// Where bodies are received.
    private let bodied: [[UInt8]]
    private let accounts: [RouteAccount]
    private let others: RouteAccount?

    /// A path at which metrics are scraped.
    private struct Scraped {
        let path: [UInt8]
        /// Whether a query makes it something else.
        let isPlain: Bool
        let endpoint: ScrapeEndpoint

        func isMeant(by target: RequestTarget) -> Bool {
            target.pathEquals(path) && !(isPlain && target.withQuery { _ in true } ?? false)
        }
    }

    /// - Parameters:
    ///   - source: what is scraped at `telemetryPath`.
    ///   - aliases: paths among the endpoints' which say the same when they are asked without a query.
    ///   - endpoints: everything else that is looked at.
    ///   - actions: what is done.
    ///   - metrics: what counts the requests; nil counts none.
    package init(
        _ telemetryPath: String,
        aliases: [String] = [],
        source: any ScrapeHolder,
        endpoints: [Endpoint],
        actions: [Action] = [],
        metrics: RequestMetrics?
    ) throws {
        let scraped = { @Sendable path in ScrapeEndpoint(source, try metrics.map { try RouteAccount(path, $0) }) }
        let scrapes = try scraped(telemetryPath)
        self.scrapes =
            [Scraped(path: Array(telemetryPath.utf8), isPlain: false, endpoint: scrapes)]
            + (try aliases.map { Scraped(path: Array($0.utf8), isPlain: true, endpoint: try scraped($0)) })
        bodied = actions.filter { $0.body != nil }.map { Array($0.path.utf8) }
        let all = endpoints + [Endpoint(telemetryPath) { try await scrapes.scrape(for: $0.fields).answer() }]
        let paths = all.map(\.path) + actions.map(\.path)
        self.paths = paths
        var router = Router()
        for endpoint in all {
            router.on(.get, endpoint.path) { request, responder in
                try await responder.send(try await endpoint.answer(request))
            }
        }
        for action in actions {
            for method in action.methods { router.on(method, action.path, bodyLimit: action.body, action.handler) }
        }
        self.router = router
        accounts = try metrics.map { metrics in try Set(paths).sorted().map { try RouteAccount($0, metrics) } } ?? []
        others = try metrics.map { try RouteAccount(nil, $0) }
    }

    /// What stands as the answer to nearly every request, found without a detour: the metrics of the moment.
    package func standing(_ head: RequestHead) -> (any StandingAnswer)? { scrape(head) }

    package func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        if let scrape = scrape(request.head) {
            let answer = try await responder.send(try await scrape.answer())
            scrape.sent(answer.status, after: request.received.nanoseconds(to: .now))
            return answer
        }
        if request.head.framing == .chunked, !isBodied(request.target) { try await skipBody(of: request) }
        // Of many requests in a row on one connection each takes its turn behind what others want: behind a scrape, above all.
        await Task.yield()
        let answer = try await router.handle(request, responder)
        account(of: request.target)?.count(answer.status.code, after: request.received.nanoseconds(to: .now))
        return answer
    }

    private func scrape(_ head: RequestHead) -> StandingScrape? {
        guard head.method == .get || head.method == .head else { return nil }
        return scrapes.first { $0.isMeant(by: head.target) }?.endpoint.scrape(for: head.fields)
    }

    private func isBodied(_ target: RequestTarget) -> Bool {
        if target.hasEscapes { return bodied.contains(target.decodedPathBytes) }
        return bodied.contains { target.pathEquals($0) }
    }

    /// Most paths take no body. One whose chunks are malformed makes a malformed request all the same, wherever it is sent, so
    /// it is looked at first; one that is long, or waits to be asked for, is not.
    private func skipBody(of request: Request) async throws {
        guard !request.head.expectsContinue else { return }
        var received = 0
        while received < Self.skippedBody.bytes, let piece = try await request.body.next() { received += piece.count }
    }

    private static let skippedBody = ByteCount.kibibytes(64)

    /// By the path that is meant, as the router finds it: escapes decoded.
    private func account(of target: RequestTarget) -> RouteAccount? {
        if target.hasEscapes {
            let path = target.decodedPathBytes
            return accounts.first { $0.path == path } ?? others
        }
        return accounts.first { target.pathEquals($0.path) } ?? others
    }
}
