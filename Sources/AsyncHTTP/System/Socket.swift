import CLinux
import Glibc

/// What became of a non-blocking read or write.
package enum Transfer: Equatable {
    /// 0 from a read says that the peer has finished.
    case bytes(Int)
    case wouldBlock
    case failed(Int32)

    /// Of a descriptor that its owner has closed already.
    static let closed = Transfer.failed(ECONNABORTED)
    /// The peer has gone without a goodbye.
    static let reset = Transfer.failed(ECONNRESET)

    init(_ call: () -> Int) {
        while true {
            let count = call()
            if count >= 0 {
                self = .bytes(count)
                return
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: self = .wouldBlock
            default: self = .failed(errno)
            }
            return
        }
    }
}

/// Non-blocking stream sockets: the calls that the library needs, each as a value or an error.
extension Descriptor {
    static func streamSocket(family: Int32) throws(SystemError) -> Descriptor {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return Descriptor(owning: try check("socket") { socket(family, kind, 0) })
    }

    func set(_ option: Int32, level: Int32 = SOL_SOCKET, to value: Int32) throws(SystemError) {
        var value = value
        let raw = raw
        try check("setsockopt") {
            unsafe setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// What the kernel takes from a peer before it is read. It doubles the number, and has a least one of its own (socket(7)).
    func setReceiveBuffer(_ size: ByteCount) throws(SystemError) {
        try set(SO_RCVBUF, to: Int32(clamping: size.bytes))
    }

    /// Answers leave at once: Nagle's algorithm and a peer's delayed ACK together cost 40 ms.
    func disableNagle() {
        try? set(TCP_NODELAY, level: Int32(IPPROTO_TCP), to: 1)
    }

    /// - Parameter raw: the descriptor, by its number: who transfers often reads it once.
    static func receive(_ raw: Int32, into buffer: UnsafeMutableRawBufferPointer, limit: Int) -> Transfer {
        Transfer { unsafe recv(raw, buffer.baseAddress, max(0, min(buffer.count, limit)), 0) }
    }

    /// Receives as much as the memory holds.
    static func receive(_ raw: Int32, into memory: inout MutableRawSpan) -> Transfer {
        unsafe memory.withUnsafeMutableBytes { unsafe receive(raw, into: $0, limit: $0.count) }
    }

    static func send(_ raw: Int32, _ bytes: RawSpan) -> Transfer {
        unsafe bytes.withUnsafeBytes { bytes in
            Transfer { unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    /// Sends three pieces in one call: at most `limit` of their bytes, after leaving out the first `skipped`.
    static func send(
        _ raw: Int32,
        _ first: [UInt8],
        _ second: [UInt8],
        _ third: [UInt8],
        skipping skipped: Int,
        limit: Int
    ) -> Transfer {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe third.withUnsafeBytes { third in
                    var pieces = (unsafe iovec(first), unsafe iovec(second), unsafe iovec(third))
                    var (skipped, limit) = (skipped, limit)
                    unsafe pieces.0.narrow(&skipped, &limit)
                    unsafe pieces.1.narrow(&skipped, &limit)
                    unsafe pieces.2.narrow(&skipped, &limit)
                    return unsafe withUnsafeMutableBytes(of: &pieces) { pieces in
                        var message = unsafe msghdr()
                        unsafe message.msg_iov = pieces.baseAddress?.assumingMemoryBound(to: iovec.self)
                        unsafe message.msg_iovlen = 3
                        return Transfer { unsafe sendmsg(raw, &message, Int32(MSG_NOSIGNAL)) }
                    }
                }
            }
        }
    }

    /// Says that nothing more will be sent; the peer reads to the end and then sees it.
    func finishWriting() {
        _ = shutdown(raw, Int32(SHUT_WR))
    }

    /// Makes the coming close a reset: the peer is to know that it has not seen everything, and the kernel is to forget what
    /// the peer does not take.
    func resetWhenClosed() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// The next connection; nil when there is none waiting.
    func accept() throws(SystemError) -> Descriptor? {
        let raw = raw
        while true {
            do throws(SystemError) {
                return Descriptor(owning: try check("accept4") { clinux_accept(raw) })
            } catch {
                switch error.errno {
                case EAGAIN: return nil
                // That peer has gone, or its network has (accept(2), "Error handling"): on to the next one.
                case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH: continue
                default: throw error
                }
            }
        }
    }

    /// Begins to connect; true when that is already done, false when writability will tell.
    func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        let raw = raw
        do throws(SystemError) {
            try check("connect", subject: "\(address)") {
                unsafe address.withSocketAddress { unsafe Glibc.connect(raw, $0, $1) }
            }
            return true
        } catch {
            if error.errno == EINPROGRESS { return false }
            throw error
        }
    }

    /// How a connection attempt ended, once the socket is writable.
    func connectionError() -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }
}

extension iovec {
    fileprivate init(_ buffer: UnsafeRawBufferPointer) {
        unsafe self.init(iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
    }

    /// Leaves out what is still to be skipped, and what goes beyond the limit.
    fileprivate mutating func narrow(_ skipped: inout Int, _ limit: inout Int) {
        let dropped = unsafe min(skipped, iov_len)
        unsafe iov_base = iov_base.map { unsafe $0 + dropped }
        unsafe iov_len = min(iov_len - dropped, limit)
        skipped -= dropped
        unsafe limit -= iov_len
    }
}
