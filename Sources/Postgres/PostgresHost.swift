import AsyncHTTP

/// One of the places where a server may be.
struct PostgresHost: Sendable, Hashable, CustomStringConvertible {
    /// Empty for the directory of sockets that libpq has been built with.
    var name = ""
    /// An address instead of the name, which then only serves to check the server's certificate.
    var address = ""
    var port = ""

    var description: String {
        let place = name.isEmpty ? (address.isEmpty ? "local" : address) : name
        return port.isEmpty || isLocal ? place : "\(place):\(port)"
    }

    /// A socket of this machine: a directory, or an abstract name.
    private var isLocal: Bool { address.isEmpty && (name.isEmpty || name.hasPrefix("/") || name.hasPrefix("@")) }

    /// Those that options name; one port is for all.
    static func list(_ options: [String: String]) -> [PostgresHost] {
        let names = parts(options["host"])
        let addresses = parts(options["hostaddr"])
        let ports = parts(options["port"])
        return (0..<max(names.count, addresses.count)).map { index in
            PostgresHost(
                name: index < names.count ? names[index] : "",
                address: index < addresses.count ? addresses[index] : "",
                port: index < ports.count ? ports[index] : ports.count == 1 ? ports[0] : ""
            )
        }
    }

    private static func parts(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// The same place by its addresses, one after the other.
    ///
    /// libpq would ask for them itself, for as long as name servers like: its own deadlines begin afterwards.
    func resolved(within patience: Duration) throws(PostgresError) -> [PostgresHost] {
        guard address.isEmpty, !isLocal else { return [self] }
        if SocketAddress(literal: name, port: 0) != nil { return [with(name)] }
        // Always this machine, and nobody has to be asked (RFC 6761 section 6.3): an empty root has no hosts file.
        if name.lowercased() == "localhost" { return ["127.0.0.1", "::1"].map(with) }
        do throws(NameResolution.Failure) {
            let found = try NameResolution.resolve(name, port: 0, within: patience).compactMap(\.host)
            if !found.isEmpty { return found.map(with) }
        } catch {
            throw PostgresError(.resolution, "\(error.name): \(error.reason)")
        }
        throw PostgresError(.resolution, "\(name): the name has no address")
    }

    private func with(_ address: String) -> PostgresHost {
        PostgresHost(name: name, address: address, port: port)
    }
}

extension SocketAddress {
    /// The address alone, as a literal.
    fileprivate var host: String? {
        let text = description
        guard let colon = text.lastIndex(of: ":") else { return nil }
        return String(text[..<colon].filter { $0 != "[" && $0 != "]" })
    }
}
