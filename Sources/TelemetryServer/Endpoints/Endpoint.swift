package import AsyncHTTP

/// A path that answers GET and HEAD with something that exists or is made at once.
package struct Endpoint: Sendable {
    package let path: String
    let answer: @Sendable (Request) throws -> PreparedResponse

    package init(_ path: String, answer: @escaping @Sendable (Request) throws -> PreparedResponse) {
        self.path = path
        self.answer = answer
    }
}
