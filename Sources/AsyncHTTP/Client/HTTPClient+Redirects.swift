/// Redirects: followed to the same host, an error otherwise.
extension HTTPClient {
    /// Where the answer sends us; nil when it is the one that was wanted.
    func redirectLocation(of response: ClientResponse, _ method: HTTPMethod) -> String? {
        guard method == .get || method == .head else { return nil }
        switch response.status {
        case 301, 302, 303, 307, 308: return response.fields["location"]
        default: return nil
        }
    }

    /// The target to ask for next. A location may be absolute, or relative to the target that gave it (RFC 3986 section 5.2).
    func sameHostTarget(_ location: String, from target: String) throws(ClientError) -> String {
        let reference = location.prefix { $0 != "#" }
        let given = reference.prefix { !":/?".contains($0) }
        if reference.dropFirst(given.count).first == ":" { return try sameHostTarget(absolute: String(reference)) }
        if reference.hasPrefix("//") { return try sameHostTarget(absolute: "\(scheme):\(reference)") }
        let base = target.prefix { $0 != "?" }
        let path = reference.prefix { $0 != "?" }
        let query = reference.dropFirst(path.count)
        if path.isEmpty { return String(base + query) }
        let folder = path.hasPrefix("/") ? "" : base.prefix(through: base.lastIndex(of: "/") ?? base.startIndex)
        return withoutDots(String(folder + path)) + query
    }

    private func sameHostTarget(absolute location: String) throws(ClientError) -> String {
        let url: ClientURL
        do throws(ClientURLError) {
            url = try ClientURL(location)
        } catch {
            throw ClientError(.redirect, "the server sends us to \(shown(location)): \(error)")
        }
        guard url.endpoint == endpoint, url.isSecure == isSecure else {
            let here = endpoint.authority(isSecure: isSecure)
            throw ClientError(
                .redirect,
                "the server sends us to \(shown(location)), which is not on \(scheme)://\(here)"
            )
        }
        return url.target
    }

    private var isSecure: Bool { security != nil }

    private var scheme: String { isSecure ? "https" : "http" }

    /// For a message: the server may have put a user and a password before the @.
    private func shown(_ location: String) -> String {
        guard let end = location.lastIndex(of: "@"), location[..<end].contains("/") else { return location }
        return "…\(location[end...])"
    }

    /// RFC 3986 section 5.2.4.
    private func withoutDots(_ path: String) -> String {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        for (index, part) in parts.enumerated() {
            guard part == "." || part == ".." else {
                kept.append(part)
                continue
            }
            if part == ".." { _ = kept.popLast() }
            if index == parts.count - 1 { kept.append("") }
        }
        return "/" + kept.joined(separator: "/")
    }
}
