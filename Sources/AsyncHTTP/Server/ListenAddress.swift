/// Where a server listens.
public enum ListenAddress: Sendable, Hashable {
    /// Every interface, IPv6 and IPv4.
    case port(UInt16)
    /// A name or a literal.
    case host(String, port: UInt16)
    /// A path of at most 107 bytes. The file is removed at the end; one that a dead process has left, at the start.
    case unix(path: String)
    /// The sockets that systemd has handed over.
    case systemd

    /// Reads `:8000`, `host:8000`, `127.0.0.1:8000`, `[::1]:8000` or `unix:/path`. Nil when it is none of these.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard SocketAddress(unixPath: path) != nil else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.isEmpty {
            self = .port(port)
        } else if host.first == "[", host.last == "]" {
            let literal = String(host.dropFirst().dropLast())
            guard literal.contains(":"), SocketAddress(literal: literal, port: port) != nil else { return nil }
            self = .host(literal, port: port)
        } else {
            let allowed = host.utf8.allSatisfy {
                $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
            }
            guard allowed else { return nil }
            self = .host(String(host), port: port)
        }
    }

    /// Reads the same, and says in its error what would be accepted.
    public init(parsing text: String) throws(ListenAddressError) {
        guard let address = ListenAddress(text) else { throw ListenAddressError() }
        self = address
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt16(text)
    }
}

/// A text is no address to listen on.
public struct ListenAddressError: Error, Hashable, CustomStringConvertible {
    /// What would be accepted, for whoever wrote it.
    public var description: String {
        "not an address such as :8000, 127.0.0.1:8000, host:8000, [::1]:8000 or unix:/path"
    }
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The text from which `init` makes the same address; `systemd` for those that were handed over.
    public var description: String {
        switch self {
        case .port(let port): ":\(port)"
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .systemd: "systemd"
        }
    }
}

/// An address that cannot be listened on, and why.
public struct ListenError: Error, Hashable, CustomStringConvertible {
    /// Nil when there was none.
    public let address: ListenAddress?
    /// What is in the way and what to do about it, with the call that failed.
    public let reason: String
    /// Nil when no system call was to blame.
    public let errno: Int32?

    /// The address and the reason, in one line.
    public var description: String { "cannot listen\(address.map { " on \($0)" } ?? ""): \(reason)" }
}
