/// A server that a client talks to, one host and port or one unix socket.
public enum ClientEndpoint: Sendable, Hashable {
    /// A name, or a literal without brackets. A name is looked up again after `ClientLimits.nameLifetime`.
    case internet(host: String, port: UInt16)
    /// A path of at most 107 bytes in this machine's file system.
    case unix(path: String)
}

/// A server and what is asked of it: `http://host:port/path?query`, the same with `https`, or `unix:/run/agent.sock:/path`.
public struct ClientURL: Sendable, Hashable {
    /// It is to be spoken to in secret.
    public let isSecure: Bool
    /// Whom an `HTTPClient` for this URL connects to.
    public let endpoint: ClientEndpoint
    /// What stands in the request line.
    public let target: String

    /// What stands in `Host`.
    package var authority: String { endpoint.authority(isSecure: isSecure) }

    /// - Throws: what is wrong, in words for whoever wrote it.
    public init(_ text: String) throws(ClientURLError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ClientURLError("it has spaces, control or non-ASCII characters; write them as %XX")
        }
        if text.hasPrefix("unix:") {
            self = try Self.unix(text.dropFirst(5))
        } else if text.prefix(7).lowercased() == "http://" {
            self = try Self.internet(text.dropFirst(7), isSecure: false)
        } else if text.prefix(8).lowercased() == "https://" {
            self = try Self.internet(text.dropFirst(8), isSecure: true)
        } else {
            throw ClientURLError("it begins neither with http:// or https:// nor with unix:/")
        }
    }

    /// One that has been taken apart before.
    package init(_ endpoint: ClientEndpoint, _ target: String, isSecure: Bool = false) {
        (self.endpoint, self.target, self.isSecure) = (endpoint, target, isSecure)
    }

    private init(
        endpoint: ClientEndpoint,
        target: some StringProtocol,
        isSecure: Bool = false
    ) throws(ClientURLError) {
        guard !target.contains("#") else { throw ClientURLError("a fragment (#) is never sent to a server") }
        self.endpoint = endpoint
        self.isSecure = isSecure
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
        do throws(HeadWriteError) {
            try RequestHeadWriter.check(target: self.target, host: endpoint.authority(isSecure: isSecure))
        } catch {
            throw ClientURLError(error.reason)
        }
    }

    private static func unix(_ rest: Substring) throws(ClientURLError) -> ClientURL {
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix("/"), SocketAddress(unixPath: String(path)) != nil else {
            throw ClientURLError(
                "the socket's path must be absolute and of at most 107 bytes, as in unix:/run/agent.sock:/info"
            )
        }
        return try ClientURL(endpoint: .unix(path: String(path)), target: parts.count > 1 ? parts[1] : "/")
    }

    private static func internet(_ rest: Substring, isSecure: Bool) throws(ClientURLError) -> ClientURL {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") { throw .userInformation }
        var (host, port) = (authority, Substring(isSecure ? "443" : "80"))
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), SocketAddress(literal: String(host), port: 0) != nil else {
                throw ClientURLError("what stands in brackets is no IPv6 address")
            }
        } else if host.contains(where: { ":[]".contains($0) }) {
            throw ClientURLError("an IPv6 address needs brackets, as in http://[::1]:8080/")
        }
        guard !host.isEmpty else { throw ClientURLError("it has no host") }
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port),
            number > 0
        else { throw ClientURLError("the port must be a number from 1 to 65535") }
        return try ClientURL(
            endpoint: .internet(host: host.lowercased(), port: number),
            target: rest[authority.endIndex...],
            isSecure: isSecure
        )
    }
}

extension ClientEndpoint: CustomStringConvertible {
    /// As an URL without encryption would have it.
    public var description: String { authority(isSecure: false) }

    /// What stands in `Host`: without the port that everybody would take.
    func authority(isSecure: Bool) -> String {
        switch self {
        case .internet(let host, let port):
            let host = host.contains(":") ? "[\(host)]" : host
            return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
        case .unix: return "localhost"
        }
    }
}

extension ClientURL: CustomStringConvertible {
    /// The URL again, in the form in which it can be given to `init`.
    public var description: String {
        switch endpoint {
        case .internet: "\(isSecure ? "https" : "http")://\(endpoint.authority(isSecure: isSecure))\(target)"
        case .unix(let path): "unix:\(path):\(target)"
        }
    }
}

/// What is wrong with the text of a URL.
public struct ClientURLError: Error, Hashable, CustomStringConvertible {
    /// There is a user or a password in it, which would be shown wherever the URL is.
    package static let userInformation = ClientURLError("a user or password in it is not supported")

    let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    /// What is wrong with it, and what would be accepted.
    public var description: String {
        "\(reason); accepted are http://host:port/path, https://host:port/path and unix:/run/agent.sock:/path"
    }
}
