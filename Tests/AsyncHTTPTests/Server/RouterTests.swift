import Testing

@testable import AsyncHTTP

@Suite("Server: routing")
struct RouterTests {
    private static func answering(_ text: String) -> RequestHandler {
        { _, responder in try await responder.send(.text(text)) }
    }

    private static var router: Router {
        var router = Router()
        router.on(.get, "/", answering("root"))
        router.on(.get, "/a", answering("replaced"))
        router.on(.get, "/a", answering("a"))
        router.on(.post, "/a", answering("posted"))
        router.on(.delete, "/gone", answering("deleted"))
        router.on(.get, "/a b", answering("space"))
        router.on(.get, "/x%2Fy", answering("escaped slash"))
        router.on(.get, "/x/y", answering("slash"))
        return router
    }

    @Test(
        "a path and a method find their handler",
        arguments: [
            ("GET /", "root"), ("GET /?x=/a", "root"), ("GET /a", "a"), ("GET /a?", "a"), ("POST /a", "posted"),
            ("DELETE /gone", "deleted"), ("GET /%61", "a"), ("GET /a%20b", "space"), ("GET /x%2Fy", "escaped slash"),
            ("GET /x%2fy", "escaped slash"), ("GET /x/y", "slash"), ("GET http://a/a", "a"), ("GET http://a", "root"),
        ]
    )
    func found(request: String, text: String) throws {
        #expect(try answer(request).text == "\(text)\n")
    }

    @Test(
        "what is not exactly a route is 404",
        arguments: ["GET /a/", "GET /A", "GET //a", "GET /./a", "GET /a%2F", "GET /%2561", "GET /b", "POST /b"]
    )
    func notFound(request: String) throws {
        let answer = try answer(request)
        #expect(answer.status == 404)
        #expect(answer.text == "not found\n")
    }

    @Test(
        "another method on a route is 405 with those that are allowed",
        arguments: [
            ("PUT /a", "GET, HEAD, POST"), ("GET /gone", "DELETE"), ("HEAD /gone", "DELETE"),
            ("OPTIONS /", "GET, HEAD"),
        ]
    )
    func notAllowed(request: String, allow: String) throws {
        let answer = try answer(request)
        #expect(answer.status == 405)
        #expect(answer["allow"] == allow)
    }

    @Test("HEAD is answered by the handler of GET, unless it has one of its own")
    func head() throws {
        var router = Self.router
        router.on(.head, "/own", Self.answering("my own head"))
        #expect(try answer("HEAD /a")["content-length"] == "2")
        #expect(try answer("HEAD /own", by: router)["content-length"] == "12")
        #expect(try answer("GET /own", by: router)["allow"] == "HEAD")
    }

    @Test("OPTIONS * asks about the server and is answered 204")
    func asterisk() throws {
        let answer = try answer("OPTIONS *")
        #expect(answer.status == 204)
        #expect(answer["content-length"] == nil)
    }

    @Test("what no route matches may be answered otherwise")
    func otherwise() throws {
        var router = Self.router
        router.otherwise = { request, responder in try await responder.send(.text("no \(request.target.path)")) }
        #expect(try answer("GET /b", by: router).text == "no /b\n")
        #expect(try answer("PUT /a", by: router).status == 405)
    }

    private func answer(_ request: String, by router: Router = router) throws -> RawAnswer {
        try withServer(handler: router.handle) { server in
            try server.connect().exchange("\(request) HTTP/1.1\r\nHost: a\r\n\r\n")
        }
    }
}
