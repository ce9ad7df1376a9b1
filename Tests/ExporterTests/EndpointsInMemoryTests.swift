import AsyncHTTP
import HTTPTestKit
import TelemetryServer
import Testing

@testable import Exporter

@Suite("The sidecar's paths over a network that does its worst")
struct EndpointsInMemoryTests {
    /// What `GET` gets before the first poll.
    private static let paths: [(path: String, status: Int)] = [
        ("/metrics", 200), ("/metrics?name[]=x", 200), ("/%6Detrics", 200), ("/healthz", 200), ("/readyz", 503),
        ("/-/healthy", 200), ("/-/ready", 503), ("/health", 200), ("/", 200), ("/status.json", 200), ("/nothing", 404),
        ("/metrics/", 404),
    ]

    private static let methods = [HTTPMethod.get, .head, .post, .put, .delete, .options, .trace, .patch]

    @Test("every method of every path is answered as over a socket", arguments: methods)
    func table(method: HTTPMethod) throws {
        try serving { test in
            for (path, status) in Self.paths {
                let isKnown = [.get, .head].contains(method) || status == 404
                let request = "\(method.name) \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
                try check(request, isKnown ? status : 405, test)
            }
        }
    }

    /// Bodies where none is wanted, formats and encodings, and many requests at once.
    private static let besides: [(request: String, status: Int)] = [
        ("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n", 200),
        ("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: application/openmetrics-text;version=1.0.0\r\n\r\n", 200),
        ("GET /metrics HTTP/1.0\r\n\r\n", 200), ("GET /metrics HTTP/1.1\r\n\r\n", 400),
        ("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 405),
        ("POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 405),
        ("POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 200),
        (paths.map { "GET \($0.path) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined(), 200),
        (String(repeating: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", count: 50), 200),
    ]

    @Test("so is what is sent beside it", arguments: besides)
    func others(request: String, status: Int) throws {
        try serving { test in try check(request, status, test) }
    }

    private func check(_ request: String, _ status: Int, _ test: HandlerTest) throws {
        let bytes = Array(request.utf8)
        let expected = try test.transcript(overSocket: bytes)
        #expect(expected.datelessText.hasPrefix("HTTP/1.1 \(status) ") && !expected.isReset, "\(request)")
        try test.transcripts(of: bytes, over: NetworkConditions.usual) { network, seen in
            try #require(
                seen.datelessText == expected.datelessText && !seen.isReset && !seen.isStuck,
                "\(request) over \(network)"
            )
            try #require(seen.statistics.connectionsOpen == 0 && seen.statistics.pendingBytes == 0)
        }
    }

    /// The page is made on a loop that does not serve, as in the program.
    private func serving(_ body: (HandlerTest) throws -> Void) throws {
        let background = try BackgroundLoop()
        let endpoints = try SidecarFixture.endpoints(on: background.loop)
        let (life, end) = AsyncStream.makeStream(of: Never.self)
        try background.start { for await _ in life {} }
        defer {
            end.finish()
            background.join()
        }
        try body(
            HandlerTest(standing: endpoints.standing) { request, responder in
                try await endpoints.handle(request, responder)
            }
        )
    }
}
