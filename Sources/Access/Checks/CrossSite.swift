package import AsyncHTTP

/// Writes that a browser sends because another site has told it to. The browser adds the credentials that it knows; its user
/// knows nothing of it.
package enum CrossSite {
    /// Whether it changes something, and comes from a page of another site. What is no browser says nothing of where it comes
    /// from.
    package static func isForged(_ head: RequestHead) -> Bool {
        switch head.method {
        case .get, .head, .options: return false
        default: break
        }
        let sites = head.fields.values(for: "Sec-Fetch-Site")
        if sites.contains(where: { $0.lowercased() == "cross-site" }) { return true }
        let origins = head.fields.values(for: "Origin")
        guard let origin = origins.first else { return false }
        return origins.count > 1 || !isOurs(origin, head)
    }

    /// A handler that such writes do not reach.
    package static func refusing(
        counters: AccessCounters = AccessCounters(),
        before handler: @escaping RequestHandler
    ) -> RequestHandler {
        { request, responder in
            guard isForged(request.head) else { return try await handler(request, responder) }
            counters.count(.forbidden)
            return try await responder.send(.text("another site must not ask for this", status: .forbidden))
        }
    }

    /// An origin is a scheme, a host and a port (RFC 6454 section 7); `null` is nobody's.
    private static func isOurs(_ origin: String, _ head: RequestHead) -> Bool {
        let scheme = origin.prefix { $0 != ":" }
        let rest = origin.dropFirst(scheme.count)
        guard rest.hasPrefix("://"), let host = head.target.authority ?? head.fields["Host"] else { return false }
        let port = scheme.lowercased() == "https" ? ":443" : ":80"
        return authority(rest.dropFirst(3), port) == authority(Substring(host), port)
    }

    /// Without the port that is meant when none is said.
    private static func authority(_ text: Substring, _ usualPort: String) -> String {
        let text = text.lowercased()
        return text.hasSuffix(usualPort) ? String(text.dropLast(usualPort.count)) : text
    }
}
