import AsyncHTTP
import Telemetry
import Testing

@testable import TelemetryServer

@Suite("Paths, and the account of what was asked")
struct EndpointsTests {
    private struct Failure: Error {}

    private final class Source: ScrapeHolder {
        private let snapshot: ScrapeSnapshot
        init(_ registry: Registry) throws { snapshot = try ScrapeSnapshot(RenderedMetrics(registry)) }
        let version: UInt64 = 1
        func scrape(_ representation: Representation) -> PreparedResponse? { snapshot[representation] }
        func made(_ representation: Representation) throws -> PreparedResponse { try snapshot.made(representation) }
    }

    /// Serves a page and a scrape, and returns what was counted of them.
    private func counting(_ body: (UInt16?) throws -> Void) throws -> [String] {
        let counted = Registry()
        let endpoints = try Endpoints(
            "/m",
            aliases: ["/alias"],
            source: try Source(Registry()),
            endpoints: [
                Endpoint("/page") { _ in try .plain(true, "a page", "") }, Endpoint("/bad") { _ in throw Failure() },
                Endpoint("/alias") { request in try .plain(true, "for \(request.target.query ?? "everybody")", "") },
            ],
            actions: [
                Action("/take", methods: [.post], body: .bytes(10)) { request, responder in
                    let body = String(decoding: try await request.body.collect(), as: UTF8.self)
                    return try await responder.send(.text("took \(body)"))
                },
                Action("/do") { _, responder in try await responder.send(.text("done")) },
            ],
            metrics: try RequestMetrics(in: counted, prefix: "x")
        )
        let thread = try BackgroundLoop()
        let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [thread.loop]) {
            request,
            responder in
            try await endpoints.handle(request, responder)
        }
        try counted.register(ServerCollector(prefix: "x") { server.statistics })
        try thread.start { try? await server.run() }
        try body(server.port)
        server.shutdown()
        thread.join()
        let text = String(decoding: counted.render(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") && !$0.hasSuffix(" 0") }
    }

    @Test("known paths are counted by path and status, all others together")
    func counts() throws {
        let lines = try counting { port in
            #expect(try Served.get("/m", port: port).status == 200)
            #expect(try Served.get("/m", port: port, method: .head).status == 200)
            #expect(try Served.get("/page?x=1", port: port).text == "a page\n")
            let post = try Served.get("/page", port: port, method: .post)
            #expect(post.status == 405 && post.fields["Allow"] == "GET, HEAD")
            for path in ["/", "/page/", "/m/x", "/%6D%6D"] { #expect(try Served.get(path, port: port).status == 404) }
        }
        let requests = lines.filter { $0.hasPrefix("x_http_requests_total") }
        #expect(
            Set(requests) == [
                #"x_http_requests_total{code="200",path="/m"} 2"#, #"x_http_requests_total{code="200",path="/page"} 1"#,
                #"x_http_requests_total{code="404",path="other"} 4"#,
                #"x_http_requests_total{code="405",path="/page"} 1"#,
            ]
        )
        #expect(lines.contains("x_http_request_duration_seconds_count 8"))
        #expect(lines.contains("x_http_connections_total 8"))
    }

    @Test("an alias of the metrics is something else when it is asked with a query, and counted by its own name")
    func alias() throws {
        let lines = try counting { port in
            let scrape = try Served.get("/alias", port: port)
            #expect(scrape.status == 200 && scrape.fields["Content-Type"]?.contains("version=0.0.4") == true)
            #expect(try Served.get("/alias?of=one", port: port).text == "for of=one\n")
            #expect(try Served.get("/m?of=one", port: port).fields["Content-Type"]?.contains("version=0.0.4") == true)
        }
        #expect(lines.contains(#"x_http_requests_total{code="200",path="/alias"} 2"#))
    }

    @Test("an action has the methods and takes the body that it says")
    func actions() throws {
        _ = try counting { (port: UInt16?) throws in
            #expect(try Served.get("/take", port: port, method: .post, body: "abc").text == "took abc\n")
            #expect(try Served.get("/t%61ke", port: port, method: .post, body: "").text == "took \n")
            #expect(try Served.get("/take", port: port, method: .post, body: "abcdefghijk").status == 413)
            #expect(try Served.get("/take", port: port, method: .put).status == 405)
            #expect(try Served.get("/do", port: port, method: .put).text == "done\n")
            #expect(try Served.get("/do", port: port, method: .get).status == 405)
        }
    }

    @Test("an escaped path is the path that it means")
    func escapes() throws {
        let lines = try counting { port in
            let scrape = try Served.get("/%6D", port: port)
            let page = try Served.get("/p%61ge", port: port)
            #expect(scrape.status == 200 && page.text == "a page\n")
        }
        #expect(lines.filter { $0.hasPrefix("x_http_requests_total") }.count == 2)
    }
}

@Suite("Remembering what scrapers ask for")
struct NegotiationTableTests {
    private func fields(_ pairs: [(String, String)]) throws -> HeaderFields {
        var fields = HeaderFields()
        for (name, value) in pairs { try fields.append(name, value) }
        return fields
    }

    @Test("a known pair means what it meant, whatever was asked in between")
    func stable() throws {
        let table = NegotiationTable()
        let open = try fields([("Accept", "application/openmetrics-text; version=1.0.0"), ("Accept-Encoding", "gzip")])
        for round in 0..<100 {
            #expect(table.representation(for: open) == Representation(.openMetrics100, .gzip))
            let other = try fields([("Accept", "text/plain;x=\(round)")])
            #expect(table.representation(for: other) == Representation(.text004, .identity))
            #expect(table.representation(for: HeaderFields()) == Representation(.text004, .identity))
        }
    }

    @Test("a value that differs in one byte is another one, wherever that byte is")
    func everyByte() throws {
        let accept = Array("application/openmetrics-text;version=1.0.0".utf8)
        for index in accept.indices {
            let table = NegotiationTable()
            func asked(_ accept: [UInt8]) throws -> Representation {
                table.representation(for: try fields([("Accept", String(decoding: accept, as: UTF8.self))]))
            }
            var other = accept
            other[index] = UInt8(ascii: "9")
            #expect(try asked(accept) == Representation(.openMetrics100, .identity))
            _ = try asked(other)
            #expect(table.count == 2, "the one with another byte \(index) is not yet known")
        }
    }

    @Test("sixteen pairs are remembered, and forgotten together when there is one more")
    func capacity() throws {
        let table = NegotiationTable()
        for number in 1...16 {
            for _ in 0..<2 { _ = table.representation(for: try fields([("Accept", "text/x;n=\(number)")])) }
            #expect(table.count == number)
        }
        _ = table.representation(for: try fields([("Accept", "text/x;n=17")]))
        #expect(table.count == 1)
    }

    @Test("a value of 1024 bytes is remembered, and a longer one is not", arguments: ["Accept", "Accept-Encoding"])
    func longest(name: String) throws {
        let table = NegotiationTable()
        _ = table.representation(for: try fields([(name, String(repeating: "x", count: 1025))]))
        #expect(table.count == 0)
        _ = table.representation(for: try fields([(name, String(repeating: "x", count: 1024))]))
        #expect(table.count == 1)
    }

    @Test("the same list in several fields, and one that is too long to remember, are read each time")
    func unusual() throws {
        let table = NegotiationTable()
        let long = String(repeating: "text/x, ", count: 200) + "application/openmetrics-text; version=1.0.0"
        for _ in 0..<3 {
            let several = try fields([("Accept", "text/x"), ("Accept", "application/openmetrics-text; version=1.0.0")])
            #expect(table.representation(for: several) == Representation(.openMetrics100, .identity))
            #expect(
                table.representation(for: try fields([("Accept", "text/x")])) == Representation(.text004, .identity)
            )
            #expect(
                table.representation(for: try fields([("Accept", long)])) == Representation(.openMetrics100, .identity)
            )
        }
    }
}
