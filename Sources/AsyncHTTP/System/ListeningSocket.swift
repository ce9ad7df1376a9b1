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

    /// A unix socket whose file has these permissions from the moment on at which anybody can connect to it.
    static func listening(
        onUnix address: SocketAddress,
        path: String,
        mode: UInt32,
        backlog: Int32
    ) throws(SystemError) -> Descriptor {
        let descriptor = try Descriptor.streamSocket(family: address.family)
        let raw = descriptor.raw
        // The file is made with what the socket has, less the umask: at no moment with more than is wanted.
        try check("fchmod", subject: "\(address)") { fchmod(raw, mode) }
        try descriptor.bind(to: address)
        try UnixSocketFile.set(mode, of: path)
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
        try descriptor.bind(to: address)
        return descriptor
    }

    private func bind(to address: SocketAddress) throws(SystemError) {
        let raw = raw
        try check("bind", subject: "\(address)") { unsafe address.withSocketAddress { unsafe Glibc.bind(raw, $0, $1) } }
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

    /// Gives it permissions that the umask may have taken from it. Never those of a file that a link leads to.
    fileprivate static func set(_ mode: UInt32, of path: String) throws(SystemError) {
        var information = stat()
        try check("lstat", subject: path) { unsafe lstat(path, &information) }
        if information.st_mode & 0o777 == mode { return }
        do throws(SystemError) {
            try check("chmod", subject: path) { unsafe fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW) }
        } catch {
            // The C library does that by way of /proc, which an empty root has not.
            guard error.errno == EOPNOTSUPP, information.st_mode & S_IFMT == S_IFSOCK else { throw error }
            try check("chmod", subject: path) { unsafe chmod(path, mode) }
        }
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
