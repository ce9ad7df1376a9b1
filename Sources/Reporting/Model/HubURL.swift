public import AsyncHTTP

/// Where a hub is: `http://hub:8082`, with or without `/api` at its end, as its predecessor's workers write it.
public struct HubURL: Sendable, Hashable, CustomStringConvertible {
    /// Whom a client connects to.
    public let endpoint: ClientEndpoint
    /// It is to be spoken to in secret.
    public let isSecure: Bool
    /// What comes before each of its paths: empty, but behind a proxy.
    private let base: String

    /// A hub on this machine, by its usual port.
    public static let local = HubURL(.internet(host: "localhost", port: 8082))

    /// A hub that is not behind anything.
    public init(_ endpoint: ClientEndpoint, isSecure: Bool = false) {
        (self.endpoint, self.isSecure, base) = (endpoint, isSecure, "")
    }

    /// - Throws: what is wrong, in words for whoever wrote it.
    public init(_ text: String) throws(ClientURLError) {
        let url = try ClientURL(text)
        guard !url.target.contains("?") else { throw ClientURLError("a hub's URL has no query (?)") }
        endpoint = url.endpoint
        isSecure = url.isSecure
        var base = Self.withoutSlashes(url.target[...])
        if base.hasSuffix("/api") { base = Self.withoutSlashes(base.dropLast(4)) }
        self.base = String(base)
    }

    private static func withoutSlashes(_ path: Substring) -> Substring {
        var path = path
        while path.hasSuffix("/") { path = path.dropLast() }
        return path
    }

    /// What stands in the request line for one of its paths, such as `/api/metrics/report`.
    public func target(_ path: String) -> String { base + path }

    /// The URL again, without `/api`.
    public var description: String {
        let text = "\(ClientURL(endpoint, base, isSecure: isSecure))"
        return text.hasSuffix(":") ? String(text.dropLast()) : text
    }
}
