package import AsyncHTTP

/// A path that answers GET and HEAD with something that exists, is made at once, or is made elsewhere: its answer runs on a
/// serving loop, and what takes longer there than some ten microseconds makes scrapers wait.
package struct Endpoint: Sendable {
    package let path: String
    let answer: @Sendable (Request) async throws -> PreparedResponse

    package init(_ path: String, answer: @escaping @Sendable (Request) async throws -> PreparedResponse) {
        self.path = path
        self.answer = answer
    }
}

/// A path at which something is done.
package struct Action: Sendable {
    package let path: String
    let methods: [HTTPMethod]
    /// Nil takes none.
    let body: ByteCount?
    let handler: RequestHandler

    /// - Parameter body: the longest body that it takes; nil takes none.
    package init(
        _ path: String,
        methods: [HTTPMethod] = [.post, .put],
        body: ByteCount? = nil,
        handler: @escaping RequestHandler
    ) {
        self.path = path
        self.methods = methods
        self.body = body
        self.handler = handler
    }
}
