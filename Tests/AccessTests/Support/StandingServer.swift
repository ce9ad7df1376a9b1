import AsyncHTTP
import Testing

/// Serves one answer that stands, behind a middleware, and asks for it on one connection while the body runs.
func withStandingServer(
    behind middleware: any Middleware,
    _ body: @escaping @Sendable (HTTPClient) async throws -> Void
) throws {
    let standing = try PreparedResponse(.text("stands"))
    let thread = try BackgroundLoop()
    let server = try HTTPServer(
        listeningOn: [.host("127.0.0.1", port: 0)],
        loops: [thread.loop],
        middleware: [middleware],
        standing: { _ in standing },
        handler: { _, responder in try await responder.send(.text("handled")) }
    )
    let port = try #require(server.port)
    try thread.start { try? await server.run() }
    defer {
        server.shutdown(gracefully: false)
        thread.join()
    }
    try withEventLoops { group in
        let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: group.first)
        try await body(client)
        await client.close()
    }
}
