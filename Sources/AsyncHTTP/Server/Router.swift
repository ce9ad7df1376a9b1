/// Finds the handler of a request by its path and method.
///
/// A path matches byte for byte after its escapes have been decoded; `%2F` stays as it is, so it never becomes a separator.
/// A slash at the end makes another path, dots are not resolved, and the query plays no part. `HEAD` is answered by the
/// handler of `GET`; another method on a known path gets 405 with `Allow`, an unknown path 404.
///
/// A path may have names in braces, each for one segment, and a last one with dots for all that follow:
/// `/job/{name}`, `/job/{name}/{labels...}`. A path without names goes before one with them; among those the first that was set.
public struct Router: Sendable {
    private struct Route: Sendable {
        let path: [UInt8]
        let pattern: PathPattern?
        var handlers: [HTTPMethod: RequestHandler] = [:]
        var limits: [HTTPMethod: ByteCount] = [:]
        var notAllowed: RequestHandler

        func limit(of method: HTTPMethod) -> ByteCount? {
            limits[method] ?? (method == .head ? limits[.get] : nil)
        }

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
    ///
    /// - Parameter bodyLimit: a longer body is refused with 413, before the handler is asked if it says how long it is.
    public mutating func on(
        _ method: HTTPMethod,
        _ path: String,
        bodyLimit: ByteCount? = nil,
        _ handler: @escaping RequestHandler
    ) {
        let bytes = Array(path.utf8)
        let index = routes.firstIndex { $0.path == bytes } ?? routes.count
        if index == routes.count {
            routes.append(Route(path: bytes, pattern: PathPattern(path), notAllowed: otherwise))
        }
        routes[index].handlers[method] = handler
        routes[index].limits[method] = bodyLimit
        routes[index].notAllowed = answering(.notAllowed(allow: Array(routes[index].handlers.keys)))
    }

    /// Finds the handler and lets it answer; to be given to `HTTPServer` as its handler.
    public func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        guard let route = route(of: request) else {
            let handler = request.target.form == .asterisk ? Self.aboutServer : otherwise
            return try await handler(request, responder)
        }
        if let limit = route.limit(of: request.method) { try request.body.limit(to: limit) }
        return try await route.handler(of: request.method)(request, responder)
    }

    private func route(of request: Request) -> Route? {
        let target = request.target
        if target.hasEscapes {
            let path = target.decodedPathBytes
            if let route = routes.first(where: { $0.pattern == nil && $0.path == path }) { return route }
        } else if let route = routes.first(where: { $0.pattern == nil && target.pathEquals($0.path) }) {
            return route
        }
        for route in routes {
            guard let pattern = route.pattern else { continue }
            if let parameters = pattern.match(target.pathBytes) {
                request.parameters = parameters
                return route
            }
        }
        return nil
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
