import Glibc

/// Tells systemd how the service is doing (sd_notify(3)). Does nothing when nobody asked to be told.
package struct ServiceNotifier: Sendable {
    private let address: String?

    /// - Parameter address: the value of `NOTIFY_SOCKET`: a path, or an abstract name that begins with `@`.
    package init(address: String?) {
        self.address = address
    }

    package func ready() { send("READY=1") }

    package func stopping() { send("STOPPING=1") }

    private func send(_ state: String) {
        guard let address, var target = Self.socketAddress(address) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let message = Array(state.utf8)
        _ = unsafe target.address.withUnsafeMutableBytes { bytes in
            unsafe sendto(
                descriptor,
                message,
                message.count,
                Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT),
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(target.length)
            )
        }
    }

    private static func socketAddress(_ text: String) -> (address: [UInt8], length: Int)? {
        var name = Array(text.utf8)
        guard let first = name.first, name.count < 108 else { return nil }
        // An abstract name begins with a NUL and has no end but the length.
        let isAbstract = first == UInt8(ascii: "@")
        if isAbstract { name[0] = 0 } else { name.append(0) }
        let family = [UInt8(AF_UNIX), 0]
        return (family + name, family.count + name.count)
    }
}
