import Testing

@testable import AsyncHTTP

@Suite("Router: names in paths, queries and limits")
struct RouteParameterTests {
    @Test(
        "a name takes a segment, one with dots all that follow",
        arguments: [
            ("/job/{name}", "/job/nightly", "nightly", []), ("/job/{name}", "/job/a%2Fb%20c", "a/b c", []),
            ("/job/{name}", "/job/a%252Fb", "a%2Fb", []), ("/job/{name}", "/j%6Fb/x", "x", []),
            ("/job/{name}/run", "/job/x/run", "x", []),
            ("/job/{name}/{rest...}", "/job/x/a/b%2Fc/", "x", ["a", "b/c", ""]),
            ("/job/{name}/{rest...}", "/job/x/a", "x", ["a"]),
        ] as [(String, String, String, [String])]
    )
    func match(pattern: String, path: String, name: String, rest: [String]) throws {
        let parameters = try #require(PathPattern(pattern)?.match(Array(path.utf8)))
        #expect(parameters["name"] == name)
        #expect(parameters.all("rest") == rest)
        #expect(parameters["other"] == nil && parameters.all("other").isEmpty)
    }

    @Test(
        "what is another path",
        arguments: [
            ("/job/{name}", "/job"), ("/job/{name}", "/job/"), ("/job/{name}", "/job/a/b"), ("/job/{name}", "/jobs/a"),
            ("/job/{name}/{rest...}", "/job/x"), ("/job/{rest...}", "/job/"), ("/job/{name}/run", "/job/x/ran"),
            ("/job/{name}", "/"),
        ]
    )
    func noMatch(pattern: String, path: String) {
        #expect(PathPattern(pattern)?.match(Array(path.utf8)) == nil)
    }

    @Test(
        "what cannot be a route's path is told apart, and why",
        arguments: [
            ("metrics", "slash"), ("", "slash"), ("{name}", "slash"), ("/job/{}", "{}"), ("/job/{...}", "{...}"),
            ("/a{b}", "a{b}"), ("/{b}a", "{b}a"), ("/{b", "{b"), ("/b}", "b}"), ("/{a}{b}", "{a}{b}"),
            ("/{{a}}", "{{a}}"),
            ("/{rest...}/x", "{rest...}"), ("/{rest...}/", "{rest...}"), ("/{a...}/{b...}", "{a...}"),
            ("/{a}/{a}", "two names a"), ("/{a}/x/{a...}", "two names a"),
        ]
    )
    func problems(path: String, named: String) throws {
        #expect(try #require(PathPattern.problem(of: path)).contains(named))
        #expect(PathPattern(path) == nil)
    }

    @Test("such a path ends a program that makes a route of it, and another does not")
    func refused() async {
        await #expect(processExitsWith: .failure) {
            var router = Router()
            router.on(.get, "/job/{rest...}/x") { _, responder in try await responder.send(.text("never")) }
        }
        #expect(PathPattern.problem(of: "/job/{name}/x/{rest...}") == nil)
        #expect(PathPattern.problem(of: "/") == nil)
    }

    @Test("a path without braces has no pattern")
    func plain() {
        #expect(PathPattern("/metrics") == nil)
    }

    @Test(
        "queries are names and values, decoded once",
        arguments: [
            ("/x", [:]), ("/x?", [:]), ("/x?a=1&b=two+words&c=%26%3D", ["a": "1", "b": "two words", "c": "&="]),
            ("/x?a", ["a": ""]), ("/x?a=b=c", ["a": "b=c"]), ("/x?&&a=1&", ["a": "1"]), ("/x?%61=%2541", ["a": "%41"]),
            ("/x?a=%FF", ["a": "\u{FFFD}"]),
        ] as [(String, [String: String])]
    )
    func queries(target: String, expected: [String: String]) throws {
        let query = QueryParameters(try RequestTarget(target))
        #expect(query.items.count == expected.count)
        for (name, value) in expected { #expect(query[name] == value) }
        #expect(query["other"] == nil)
    }

    @Test("of a repeated name all values are there")
    func repeated() throws {
        let query = QueryParameters(try RequestTarget("/x?a=1&b=2&a=3"))
        #expect(query.all("a") == ["1", "3"] && query["a"] == "1")
    }

    private static let router: Router = {
        var router = Router()
        router.on(.get, "/job/{name}") { request, responder in
            try await responder.send(.text("\(request.parameters["name"] ?? "-") \(request.query["x"] ?? "-")"))
        }
        router.on(.put, "/job/{other}") { request, responder in
            try await responder.send(.text("put \(request.parameters["other"] ?? "-")"))
        }
        router.on(.delete, "/job/{rest...}", bodyLimit: .bytes(4)) { request, responder in
            try await responder.send(.text("deleted \(request.parameters.all("rest").count)"))
        }
        router.on(.get, "/job/all") { _, responder in try await responder.send(.text("everything")) }
        router.on(.post, "/small", bodyLimit: .bytes(4)) { request, responder in
            try await responder.send(Response(body: try await request.body.collect()))
        }
        router.on(.get, "/peer") { request, responder in try await responder.send(.text(request.peer ?? "nobody")) }
        return router
    }()

    @Test("a path without names goes first, methods and HEAD are as everywhere")
    func routes() throws {
        try withServer(handler: Self.router.handle) { server throws in
            let socket = try server.connect()
            #expect(try socket.exchange(get("/job/x?x=y")).text == "x y\n")
            #expect(try socket.exchange(get("/job/all")).text == "everything\n")
            #expect(try socket.exchange(get("/job/a%6Cl")).text == "everything\n")
            let refused = try socket.exchange(post("/job/x", ""))
            #expect(refused.status == 405 && refused["allow"] == "DELETE, GET, HEAD, PUT")
            #expect(try socket.exchange(get("/job/x/y"))["allow"] == "DELETE")
            #expect(try socket.exchange(get("/jobs")).status == 404)
        }
    }

    @Test(
        "a route without the method that is asked for does not hide a later one that has it",
        arguments: [
            ("PUT /job/x", "put x"), ("PUT /job/all", "put all"), ("DELETE /job/x", "deleted 1"),
            ("DELETE /job/all", "deleted 1"), ("DELETE /job/a/b", "deleted 2"), ("GET /job/x", "x -"),
        ]
    )
    func laterRoutes(request: String, text: String) throws {
        try withServer(handler: Self.router.handle) { server throws in
            #expect(try server.connect().exchange("\(request) HTTP/1.1\r\nHost: a\r\n\r\n").text == "\(text)\n")
        }
    }

    @Test("of several routes that match, the limit is that of the one that answers")
    func limitOfLaterRoute() throws {
        try withServer(handler: Self.router.handle) { server throws in
            let head = "/job/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
            #expect(try server.connect().exchange("PUT \(head)").status == 200)
            #expect(try server.connect().exchange("DELETE \(head)").status == 413)
        }
    }

    @Test("a route's own limit is told before the body comes, and holds when its length is not told")
    func bodyLimits() throws {
        try withServer(handler: Self.router.handle) { server throws in
            #expect(try server.connect().exchange(post("/small", "1234")).text == "1234")
            #expect(
                try server.connect().exchange("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").status
                    == 413
            )
            let chunked = postChunked("/small") + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            #expect(try server.connect().exchange(chunked).status == 413)
        }
    }

    @Test("a handler knows who asks")
    func peer() throws {
        try withServer(handler: Self.router.handle) { server throws in
            let peer = try server.connect().exchange(get("/peer")).text
            #expect(peer.hasPrefix("127.0.0.1:"))
        }
    }
}
