/// Finds the handler of a request by its path and method.
///
/// A path matches byte for byte after its escapes have been decoded; `%2F` stays as it is, so it never becomes a separator.
/// A slash at the end makes another path, dots are not resolved, and the query plays no part. `HEAD` is answered by the
/// handler of `GET`; another method on a known path gets 405 with `Allow`, an unknown path 404.
///
/// A path may have names in braces, each for one segment, and a last one with dots for all that follow:
/// `/job/{name}`, `/job/{name}/{labels...}`. A path without names goes before one with them; among those the first that was set.
/// Of several that match, those without the asked method are passed over; `Allow` has the methods of all.
public struct Router: Sendable {
    private struct Route: Sendable {
        let path: [UInt8]
        let pattern: PathPattern?
        var handlers: [HTTPMethod: RequestHandler] = [:]
        var limits: [HTTPMethod: ByteCount] = [:]

        func limit(of method: HTTPMethod) -> ByteCount? {
            limits[method] ?? (method == .head ? limits[.get] : nil)
        }

        func handler(of method: HTTPMethod) -> RequestHandler? {
            handlers[method] ?? (method == .head ? handlers[.get] : nil)
        }
    }

    private var routes: [Route] = []
    /// Answers what no route matches. It may be set to something else.
    public var otherwise: RequestHandler = answering(.text("not found", status: .notFound))

    /// No routes yet: everything is answered by `otherwise`.
    public init() {}

    /// Sets the handler of a path and method; the last one set counts. A path that no request could match, or with braces that
    /// make no names, is a programmer's mistake and ends the program.
    ///
    /// - Parameter bodyLimit: a longer body is refused with 413, before the handler is asked if it says how long it is.
    public mutating func on(
        _ method: HTTPMethod,
        _ path: String,
        bodyLimit: ByteCount? = nil,
        _ handler: @escaping RequestHandler
    ) {
        let problem = PathPattern.problem(of: path)
        precondition(problem == nil, "\"\(path)\" is no path for a route: \(problem ?? "")")
        let bytes = Array(path.utf8)
        let index = routes.firstIndex { $0.path == bytes } ?? routes.count
        if index == routes.count { routes.append(Route(path: bytes, pattern: PathPattern(path))) }
        routes[index].handlers[method] = handler
        routes[index].limits[method] = bodyLimit
    }

    /// Finds the handler and lets it answer; to be given to `HTTPServer` as its handler.
    public func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        var others: Set<HTTPMethod> = []
        if let (route, handler) = route(of: request, others: &others) {
            if let limit = route.limit(of: request.method) { try request.body.limit(to: limit) }
            return try await handler(request, responder)
        }
        if !others.isEmpty { return try await responder.send(.notAllowed(allow: others)) }
        let handler = request.target.form == .asterisk ? Self.aboutServer : otherwise
        return try await handler(request, responder)
    }

    /// - Parameter others: the methods of those routes that match and do not have the one that is asked for.
    private func route(of request: Request, others: inout Set<HTTPMethod>) -> (Route, RequestHandler)? {
        if let plain = plainRoute(of: request.target) {
            if let handler = plain.handler(of: request.method) { return (plain, handler) }
            others.formUnion(plain.handlers.keys)
        }
        for route in routes {
            guard let parameters = route.pattern?.match(request.target.pathBytes) else { continue }
            guard let handler = route.handler(of: request.method) else {
                others.formUnion(route.handlers.keys)
                continue
            }
            request.parameters = parameters
            return (route, handler)
        }
        return nil
    }

    private func plainRoute(of target: RequestTarget) -> Route? {
        if target.hasEscapes {
            let path = target.decodedPathBytes
            return routes.first { $0.pattern == nil && $0.path == path }
        }
        return routes.first { $0.pattern == nil && target.pathEquals($0.path) }
    }

    /// The answer to `OPTIONS *`, which asks about the server and not about a path (RFC 9110 section 9.3.7).
    private static let aboutServer = answering(Response(status: .noContent))
}

private func answering(_ response: Response) -> RequestHandler {
    { _, responder in try await responder.send(response) }
}

extension Response {
    fileprivate static func notAllowed(allow methods: Set<HTTPMethod>) -> Response {
        let implied: Set<HTTPMethod> = methods.contains(.get) ? [.head] : []
        let names = methods.union(implied).map(\.name).sorted().joined(separator: ", ")
        var response = Response.text("method not allowed", status: .methodNotAllowed)
        try? response.fields.append("Allow", names)
        return response
    }
}
