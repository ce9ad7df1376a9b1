import Glibc

/// Where a socket is or goes to: the bytes of a `sockaddr`, ready for the kernel.
package struct SocketAddress: Sendable, Hashable {
    package let family: Int32
    let bytes: [UInt8]

    init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// An IPv4 or IPv6 literal; nil when it is a name or nonsense.
    package init?(literal: String, port: UInt16) {
        var four = sockaddr_in()
        if unsafe inet_pton(AF_INET, literal, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            self.init(family: AF_INET, copying: four)
            return
        }
        var six = sockaddr_in6()
        guard unsafe inet_pton(AF_INET6, literal, &six.sin6_addr) == 1 else { return nil }
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        self.init(family: AF_INET6, copying: six)
    }

    /// - Returns: nil when the path is empty, holds a NUL or is longer than the 107 bytes that the kernel takes.
    package init?(unixPath path: String) {
        let path = Array(path.utf8)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        guard !path.isEmpty, path.count < MemoryLayout<sockaddr_un>.size - offset, !path.contains(0) else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let header = unsafe withUnsafeBytes(of: &address) { unsafe Array($0.prefix(offset)) }
        self.init(family: AF_UNIX, bytes: header + path + [0])
    }

    /// A path, or an abstract name after `@` (unix(7)): that belongs to no file, and is gone with its last socket.
    init?(unix text: String) {
        guard text.hasPrefix("@") else {
            self.init(unixPath: text)
            return
        }
        let mark = "."
        guard let path = SocketAddress(unixPath: mark + text.dropFirst()) else { return nil }
        // It begins with a NUL, and has no end but the length.
        var bytes = Array(path.bytes.dropLast())
        bytes[2] = 0
        self.init(family: AF_UNIX, bytes: bytes)
    }

    private init<Raw>(family: Int32, copying raw: Raw) {
        self.init(family: family, bytes: unsafe withUnsafeBytes(of: raw) { unsafe Array($0) })
    }

    /// Asks the kernel with `getsockname` or `getpeername`.
    init?(
        of descriptor: Int32,
        _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
        var length = socklen_t(bytes.count)
        let code = unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return Int32(-1) }
            return unsafe ask(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard code == 0, length >= 2 else { return nil }
        let family = Int32(bytes[0]) | Int32(bytes[1]) << 8
        self.init(family: family, bytes: Array(bytes.prefix(Int(length))))
    }

    /// The port of an IP address, 0 of a unix socket.
    package var port: UInt16 {
        get { isInternet && bytes.count >= 4 ? UInt16(bytes[2]) << 8 | UInt16(bytes[3]) : 0 }
    }

    func with(port: UInt16) -> SocketAddress {
        guard isInternet else { return self }
        var bytes = bytes
        bytes[2] = UInt8(port >> 8)
        bytes[3] = UInt8(port & 0xFF)
        return SocketAddress(family: family, bytes: bytes)
    }

    package var isInternet: Bool { family == AF_INET || family == AF_INET6 }

    /// The file of a unix socket; nil of any other, and of one without a name.
    var unixPath: String? {
        guard family == AF_UNIX else { return nil }
        let name = bytes.dropFirst(2).prefix { $0 != 0 }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The name of a unix socket that has no file, as it is written.
    private var abstractName: String? {
        guard family == AF_UNIX, bytes.count > 2, bytes[2] == 0 else { return nil }
        return "@" + String(decoding: bytes.dropFirst(3), as: UTF8.self)
    }

    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe body(buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:8000`, `[::1]:8000`, `unix:/path` or `unix:@name`.
    package var description: String {
        guard isInternet else { return "unix:\(unixPath ?? abstractName ?? "")" }
        let (offset, length) = family == AF_INET ? (4, 4) : (8, 16)
        guard bytes.count >= offset + length else { return "?" }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let raw = Array(bytes[offset..<offset + length])
        _ = unsafe inet_ntop(family, raw, &text, socklen_t(text.count))
        let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return family == AF_INET ? "\(host):\(port)" : "[\(host)]:\(port)"
    }
}
