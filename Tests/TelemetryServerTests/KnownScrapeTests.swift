import AsyncHTTP
import Telemetry
import Testing

@testable import TelemetryServer

@Suite("Scrapes that are known")
struct KnownScrapeTests {
    /// A registry that is served moment by moment, and what was counted meanwhile.
    private final class Stage: Sendable {
        let jobs: Counter
        let source: MomentSource
        private let counted = Registry()
        private let thread: BackgroundLoop
        private let server: HTTPServer

        init() throws {
            let registry = Registry()
            jobs = try registry.counter("jobs_total", help: "Jobs done.")
            source = try MomentSource(registry)
            let metrics = try RequestMetrics(in: counted, prefix: "x")
            let endpoints = try Endpoints("/m", source: source, endpoints: [], metrics: metrics)
            thread = try BackgroundLoop()
            server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: [thread.loop],
                standing: endpoints.standing,
                handler: endpoints.handle
            )
            let server = server
            try counted.register(ServerCollector(prefix: "x") { server.statistics })
            try thread.start { try? await server.run() }
        }

        func stop() {
            server.shutdown()
            thread.join()
        }

        /// Asks so often on one connection, each time with fields of its own choice.
        func scrape(
            _ count: Int,
            _ fields: @escaping @Sendable (Int) -> [(String, String)] = { _ in [] }
        ) throws -> [String] {
            let port = server.port ?? 0
            return try withEventLoops { group in
                let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: group.first)
                var texts: [String] = []
                for number in 0..<count {
                    var head = HeaderFields()
                    for (name, value) in fields(number) { try head.append(name, value) }
                    let response = try await client.send(.get, "/m", fields: head)
                    texts.append("\(response.status) \(String(decoding: response.body, as: UTF8.self))")
                }
                await client.close()
                return texts
            }
        }

        /// The samples of when all is over, apart from how long requests took.
        func samples() -> [String] {
            stop()
            return String(decoding: counted.render(), as: UTF8.self).split(separator: "\n").map(String.init)
                .filter { !$0.hasPrefix("#") && !$0.contains("_seconds_bucket") && !$0.contains("_seconds_sum") }
        }
    }

    private static func staged(_ body: (Stage) throws -> Void) throws {
        let stage = try Stage()
        defer { stage.stop() }
        try body(stage)
    }

    /// As long as any other, and never the same.
    private static func unique(_ number: Int) -> [(String, String)] { [("X-Number", "\(100 + number)")] }
    private static func same(_ number: Int) -> [(String, String)] { [("X-Number", "100")] }

    @Test("known and unknown ones are counted alike: requests, durations, answers, bytes, connections")
    func counts() throws {
        var samples: [[String]] = []
        for (fields, looks) in [(Self.same, 3), (Self.unique, 20)] {
            try Self.staged { stage in
                _ = try stage.scrape(1)
                let before = stage.source.looks
                #expect(try Set(stage.scrape(20, fields)).count == 1)
                #expect(stage.source.looks - before == looks)
                samples.append(stage.samples())
            }
        }
        #expect(samples[0] == samples[1])
        #expect(samples[0].contains(#"x_http_requests_total{code="200",path="/m"} 21"#))
        #expect(samples[0].contains("x_http_request_duration_seconds_count 21"))
        #expect(samples[0].contains("x_http_connections_total 2"))
    }

    @Test("each moment is seen by the next scrape, known or not, and is ready for it")
    func moments() throws {
        try Self.staged { stage in
            for moment in 0..<10 {
                for text in try stage.scrape(3) { #expect(text.hasSuffix("\njobs_total \(moment)\n")) }
                stage.jobs.increment()
                try stage.source.renew()
            }
            #expect(stage.source.made == [Representation(.text004, .identity)], "of the first moment, once")
        }
    }

    @Test("what nobody has asked for in ten minutes is made for the next who does, and then it is ready again")
    func cold() throws {
        try Self.staged { stage in
            _ = try stage.scrape(3)
            for _ in 0..<599 { try stage.source.renew() }
            #expect(stage.source.made.count == 1)
            _ = try stage.scrape(3)
            #expect(stage.source.made.count == 1, "it was ready")
            for _ in 0..<601 { try stage.source.renew() }
            #expect(try stage.scrape(3).allSatisfy { $0.hasPrefix("200 ") })
            #expect(stage.source.made.count == 2)
            try stage.source.renew()
            _ = try stage.scrape(3)
            #expect(stage.source.made.count == 2)
        }
    }

    @Test("scrapers of several kinds get what they ask for, each as ever")
    func kinds() throws {
        let accepts = ["text/plain", "application/openmetrics-text;version=1.0.0", "*/*"]
        try Self.staged { stage in
            for _ in 0..<5 {
                let texts = try stage.scrape(12) { [("Accept", accepts[$0 % 3])] }
                for (number, text) in texts.enumerated() {
                    #expect(text.hasSuffix("# EOF\n") == (number % 3 == 1))
                }
                try stage.source.renew()
            }
        }
    }
}
