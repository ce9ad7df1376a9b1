import CLinux
import Glibc

/// Messages to a unix socket that somebody else has bound, such as systemd's.
package enum UnixDatagram {
    /// Sends one without waiting.
    ///
    /// - Parameter address: a path, or an abstract name after `@`.
    /// - Returns: false when nobody took it: there is no such socket, or its queue is full.
    package static func send(_ bytes: [UInt8], to address: String) -> Bool {
        guard let address = SocketAddress(unix: address) else { return false }
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        do throws(SystemError) {
            let descriptor = Descriptor(owning: try check("socket") { socket(AF_UNIX, kind, 0) })
            let raw = descriptor.raw
            let sent = try check("sendto") {
                unsafe address.withSocketAddress { unsafe sendto(raw, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
            }
            return sent == bytes.count
        } catch {
            return false
        }
    }
}
