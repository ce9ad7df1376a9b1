/// Finds the handler of a request by its path and method.
///
/// A path matches byte for byte after its escapes have been decoded; `%2F` stays as it is, so it never becomes a separator.
/// A slash at the end makes another path, dots are not resolved, and the query plays no part. `HEAD` is answered by the
/// handler of `GET`; another method on a known path gets 405 with `Allow`, an unknown path 404.
public struct Router: Sendable {
    private struct Route: Sendable {
        let path: [UInt8]
        var handlers: [HTTPMethod: RequestHandler] = [:]
        var notAllowed: RequestHandler

        func handler(of method: HTTPMethod) -> RequestHandler {
            handlers[method] ?? (method == .head ? handlers[.get] : nil) ?? notAllowed
        }
    }

    private var routes: [Route] = []
    /// Answers what no route matches. It may be set to something else.
    public var otherwise: RequestHandler = answering(.text("not found", status: .notFound))

    /// No routes yet: everything is answered by `otherwise`.
    public init() {}

    /// Sets the handler of a path and method; the last one set counts.
    public mutating func on(_ method: HTTPMethod, _ path: String, _ handler: @escaping RequestHandler) {
        let bytes = Array(path.utf8)
        let index = routes.firstIndex { $0.path == bytes } ?? routes.count
        if index == routes.count { routes.append(Route(path: bytes, notAllowed: otherwise)) }
        routes[index].handlers[method] = handler
        routes[index].notAllowed = answering(.notAllowed(allow: Array(routes[index].handlers.keys)))
    }

    /// Finds the handler and lets it answer; to be given to `HTTPServer` as its handler.
    public func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        try await handler(of: request)(request, responder)
    }

    private func handler(of request: Request) -> RequestHandler {
        if let route = route(of: request.target) { return route.handler(of: request.method) }
        return request.target.form == .asterisk ? Self.aboutServer : otherwise
    }

    private func route(of target: RequestTarget) -> Route? {
        if target.hasEscapes {
            let path = target.decodedPathBytes
            return routes.first { $0.path == path }
        }
        return routes.first { target.pathEquals($0.path) }
    }

    /// The answer to `OPTIONS *`, which asks about the server and not about a path (RFC 9110 section 9.3.7).
    private static let aboutServer = answering(Response(status: .noContent))
}

private func answering(_ response: Response) -> RequestHandler {
    { _, responder in try await responder.send(response) }
}

extension Response {
    fileprivate static func notAllowed(allow methods: [HTTPMethod]) -> Response {
        let implied: [HTTPMethod] = methods.contains(.get) && !methods.contains(.head) ? [.head] : []
        let names = (methods + implied).map(\.name).sorted().joined(separator: ", ")
        var response = Response.text("method not allowed", status: .methodNotAllowed)
        try? response.fields.append("Allow", names)
        return response
    }
}
