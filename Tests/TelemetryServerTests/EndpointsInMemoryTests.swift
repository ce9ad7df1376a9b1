import AsyncHTTP
import HTTPTestKit
import Telemetry
import Testing

@testable import TelemetryServer

@Suite("Paths, over a network that does its worst")
struct EndpointsInMemoryTests {
    private struct Failure: Error {}

    private final class Source: ScrapeHolder {
        private let snapshot: ScrapeSnapshot

        init() throws {
            let registry = Registry()
            try registry.counter("jobs_total", help: "Jobs done.").increment()
            snapshot = try ScrapeSnapshot(RenderedMetrics(registry))
        }

        let version: UInt64 = 1
        func scrape(_ representation: Representation) -> PreparedResponse? { snapshot[representation] }
        func made(_ representation: Representation) throws -> PreparedResponse { try snapshot.made(representation) }
    }

    /// For `GET` and `HEAD`, and for all other methods.
    private static let paths: [(path: String, status: Int, others: Int)] = [
        ("/m", 200, 405), ("/%6D", 200, 405), ("/page", 200, 405), ("/page?x=1", 200, 405), ("/bad", 500, 405),
        ("/", 404, 404), ("/page/", 404, 404), ("/m/x", 404, 404),
    ]

    private static let methods = [HTTPMethod.get, .head, .post, .put, .delete, .options, .trace, .patch]

    @Test("every method of every path is answered as over a socket, and counted once", arguments: methods)
    func table(method: HTTPMethod) throws {
        let counted = Registry()
        let endpoints = try Endpoints(
            "/m",
            source: try Source(),
            endpoints: [
                Endpoint("/page") { _ in try .plain(true, "a page", "") }, Endpoint("/bad") { _ in throw Failure() },
            ],
            metrics: try RequestMetrics(in: counted, prefix: "x")
        )
        let test = HandlerTest(standing: endpoints.standing) { request, responder in
            try await endpoints.handle(request, responder)
        }
        for (path, status, others) in Self.paths {
            let request = Array("\(method.name) \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            let expected = try test.transcript(overSocket: request)
            let promised = [.get, .head].contains(method) ? status : others
            #expect(expected.datelessText.hasPrefix("HTTP/1.1 \(promised) "), "\(path)")
            try test.transcripts(of: request, over: NetworkConditions.usual) { network, seen in
                try #require(
                    seen.datelessText == expected.datelessText && !seen.isReset && !seen.isStuck,
                    "\(path) over \(network)"
                )
                try #require(seen.statistics.answers == 1 && seen.statistics.connectionsOpen == 0)
            }
        }
        // One for each network and one for the socket; what fails is the server's to count.
        let failing = [.get, .head].contains(method) ? 1 : 0
        let total = (Self.paths.count - failing) * (NetworkConditions.usual.count + 1)
        let lines = String(decoding: counted.render(), as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("x_http_request_duration_seconds_count \(total)"))
    }
}
