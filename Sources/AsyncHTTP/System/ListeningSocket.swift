import Glibc

/// Sockets that connections arrive on.
extension Descriptor {
    enum PortSharing {
        /// The port is this socket's alone: somebody else's is an error.
        case exclusive
        /// Several sockets of this process share the port, and the kernel spreads connections over them.
        case shared
    }

    /// - Parameter dualStack: an IPv6 socket takes IPv4 connections as well.
    static func listening(
        on address: SocketAddress,
        dualStack: Bool,
        sharing: PortSharing,
        backlog: Int32
    ) throws(SystemError) -> Descriptor {
        let descriptor = try bound(to: address, dualStack: dualStack, sharing: sharing)
        let raw = descriptor.raw
        try check("listen", subject: "\(address)") { listen(raw, backlog) }
        return descriptor
    }

    /// Sets what the connections of a listening socket inherit from it.
    ///
    /// - Parameter unsentBytes: what the kernel takes for a peer beyond what is on its way to it. Without it a peer that
    ///   does not read costs megabytes of the kernel's memory.
    func prepareConnections(unsentBytes: Int) {
        disableNagle()
        try? set(TCP_NOTSENT_LOWAT, level: Int32(IPPROTO_TCP), to: Int32(clamping: unsentBytes))
    }

    /// Binds without listening: enough to find out whether a port is free, and to be given one.
    static func bound(
        to address: SocketAddress,
        dualStack: Bool,
        sharing: PortSharing
    ) throws(SystemError) -> Descriptor {
        let descriptor = try Descriptor.streamSocket(family: address.family)
        if address.isInternet { try descriptor.set(SO_REUSEADDR, to: 1) }
        if sharing == .shared { try descriptor.set(SO_REUSEPORT, to: 1) }
        if address.family == AF_INET6 {
            try descriptor.set(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6), to: dualStack ? 0 : 1)
        }
        let raw = descriptor.raw
        try check("bind", subject: "\(address)") { unsafe address.withSocketAddress { unsafe bind(raw, $0, $1) } }
        return descriptor
    }

    /// Who is at the other end of a connection.
    func peerAddress() -> SocketAddress? {
        unsafe SocketAddress(of: raw) { unsafe getpeername($0, $1, $2) }
    }

    /// Where it is bound, the port that the kernel chose included.
    func localAddress() -> SocketAddress? {
        unsafe SocketAddress(of: raw) { unsafe getsockname($0, $1, $2) }
    }
}

/// The file of a unix socket.
enum UnixSocketFile {
    /// Removes the file that a dead process has left. One that somebody listens on stays and is an error, as is a file
    /// that is no socket.
    static func removeIfStale(_ path: String, address: SocketAddress) throws(SystemError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return }
        guard information.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError("bind", errno: EEXIST, subject: path)
        }
        let probe = try Descriptor.streamSocket(family: AF_UNIX)
        do throws(SystemError) {
            _ = try probe.connect(to: address)
        } catch {
            if error.errno == ECONNREFUSED {
                unsafe unlink(path)
                return
            }
            if error.errno == ENOENT { return }
            // EAGAIN: its backlog is full, so somebody listens.
            if error.errno != EAGAIN { throw error }
        }
        throw SystemError("bind", errno: EADDRINUSE, subject: path)
    }

    /// Which file is there now: the inode, so that an owner removes its own and no successor's.
    static func identity(of path: String) -> UInt64? {
        var information = stat()
        return unsafe lstat(path, &information) == 0 ? UInt64(information.st_ino) : nil
    }

    static func remove(_ path: String, ifStill identity: UInt64?) {
        if identity != nil, self.identity(of: path) == identity { unsafe unlink(path) }
    }
}
