import Glibc

@testable import AsyncHTTP

/// A blocking socket as the other side of what is tested. It sends the pieces that it is told to, and each wait of it ends
/// with an error after `patience`.
final class RawSocket {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How a connection ended.
    enum End: Equatable {
        case closed
        case reset
    }

    static let patience = 10

    let raw: Int32
    private var isOpen = true
    private var received: [UInt8] = []

    init(owning raw: Int32) {
        self.raw = raw
        setTimeout(SO_RCVTIMEO, seconds: Self.patience)
        setTimeout(SO_SNDTIMEO, seconds: Self.patience)
    }

    deinit {
        close()
    }

    /// - Parameter receiveBuffer: the bytes that the kernel takes for us before we read them, for a slow reader.
    convenience init(to address: SocketAddress, receiveBuffer: Int32? = nil) throws {
        let raw = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        self.init(owning: raw)
        if var size = receiveBuffer {
            _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let code = unsafe address.withSocketAddress { unsafe connect(raw, $0, $1) }
        guard code == 0 else { throw Failure(description: "connect \(address): errno \(errno)") }
    }

    convenience init(port: UInt16, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
        guard let address = SocketAddress(literal: host, port: port) else { throw Failure(description: host) }
        try self.init(to: address, receiveBuffer: receiveBuffer)
    }

    convenience init(unixPath: String) throws {
        guard let address = SocketAddress(unixPath: unixPath) else { throw Failure(description: unixPath) }
        try self.init(to: address)
    }

    private func setTimeout(_ option: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    // MARK: Sending

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        let code = trySending(bytes)
        guard code == 0 else { throw Failure(description: "send: errno \(code)") }
    }

    /// - Returns: the errno that ended it; 0 when everything was sent.
    func trySending(_ bytes: [UInt8]) -> Int32 {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe Glibc.send(raw, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            sent += count
        }
        return 0
    }

    /// What is sent is on its way at once, however little it is.
    func sendWithoutDelay() {
        var isOn: Int32 = 1
        _ = unsafe setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    func finishSending() {
        _ = shutdown(raw, Int32(SHUT_WR))
    }

    func close() {
        if isOpen { _ = Glibc.close(raw) }
        isOpen = false
    }

    /// Closes so that the other side sees a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    // MARK: Receiving

    /// Waits for more; how the connection ended, when it has.
    private func receive() throws -> End? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(raw, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
                return nil
            }
            if count == 0 { return .closed }
            switch errno {
            case EINTR: continue
            case ECONNRESET, EPIPE: return .reset
            case EAGAIN: throw Failure(description: "nothing came for \(Self.patience) s after \(seen)")
            default: throw Failure(description: "recv: errno \(errno)")
            }
        }
    }

    private var seen: String { String(decoding: received.suffix(200), as: UTF8.self).debugDescription }

    /// Everything up to the end, and what kind of end it is.
    func readToEnd() throws -> (text: String, end: End) {
        let (bytes, end) = try readBytesToEnd()
        return (String(decoding: bytes, as: UTF8.self), end)
    }

    func readBytesToEnd() throws -> (bytes: [UInt8], end: End) {
        while true {
            guard let end = try receive() else { continue }
            defer { received = [] }
            return (received, end)
        }
    }

    func take(_ count: Int) throws -> [UInt8] {
        while received.count < count {
            if let end = try receive() { throw Failure(description: "\(end) after \(seen)") }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Everything up to `delimiter`, which is included.
    func take(through delimiter: String) throws -> String {
        let delimiter = Array(delimiter.utf8)
        var searched = 0
        while true {
            while searched + delimiter.count <= received.count {
                if received[searched...].starts(with: delimiter) {
                    return String(decoding: try take(searched + delimiter.count), as: UTF8.self)
                }
                searched += 1
            }
            if let end = try receive() { throw Failure(description: "\(end) after \(seen)") }
        }
    }

    /// Whether something can be received, the end included, within that time.
    func isReadable(within duration: Duration) -> Bool {
        if !received.isEmpty { return true }
        var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, Int32(duration.clampedNanoseconds / 1_000_000)) > 0
    }
}
