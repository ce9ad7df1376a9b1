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

    /// The target to ask for next. A location may be absolute, or relative to the target that gave it.
    func sameHostTarget(_ location: String, from target: String) throws(ClientError) -> String {
        let location = String(location.prefix { $0 != "#" })
        if location.hasPrefix("//") { throw elsewhere(location) }
        if location.hasPrefix("/") { return location }
        if location.contains("://") {
            guard let url = try? ClientURL(location), url.endpoint == endpoint else { throw elsewhere(location) }
            return url.target
        }
        let path = target.prefix { $0 != "?" }
        if location.hasPrefix("?") { return path + location }
        guard !location.isEmpty, let slash = path.lastIndex(of: "/") else { throw elsewhere(location) }
        return path[...slash] + location
    }

    private func elsewhere(_ location: String) -> ClientError {
        ClientError(.redirect, "the server sends us to \(location), which is not on \(endpoint)")
    }
}
