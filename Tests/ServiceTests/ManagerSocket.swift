import Glibc

/// The socket on which a service manager hears from its services.
final class ManagerSocket {
    private let descriptor: Int32
    private let path: String

    struct CannotOpen: Error {}

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = [UInt8(AF_UNIX), 0] + Array(path.utf8) + [0]
        let descriptor = descriptor
        let bound = unsafe address.withUnsafeMutableBytes { bytes in
            unsafe bind(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard descriptor >= 0, bound == 0 else { throw CannotOpen() }
    }

    deinit {
        close(descriptor)
        unsafe unlink(path)
    }

    /// The next message; waits for it.
    func received() -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
