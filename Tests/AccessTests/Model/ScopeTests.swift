import AsyncHTTP
import Testing

@testable import Access

@Suite("Scopes")
struct ScopeTests {
    @Test(
        "looking needs read, changing write, and reloading admin, however it is written",
        arguments: [
            (.get, "/metrics", .read), (.head, "/", .read), (.options, "/x", .read), (.get, "/-/reload", .read),
            (.post, "/reports", .write), (.put, "/x", .write), (.delete, "/x", .write), (.post, "/-/reload", .admin),
            (.put, "/-/reload", .admin), (.post, "/-/reload?x=1", .admin), (.post, "/-/%72eload", .admin),
            (.post, "http://a/-/reload", .admin), (.post, "/-/reload/", .write),
        ] as [(HTTPMethod, String, Scope)]
    )
    func needed(_ method: HTTPMethod, _ target: String, _ scope: Scope) throws {
        #expect(Scope.needed(for: RequestHead(method: method, target: try RequestTarget(target, for: method))) == scope)
    }
}
