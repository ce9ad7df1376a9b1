import Synchronization

/// A listening socket on its way from the server that opened it to the loop that will own it.
final class ListeningSocket: Sendable {
    /// Other loops hold duplicates of the same socket.
    let isShared: Bool
    private let descriptor: Mutex<Descriptor?>

    init(_ descriptor: consuming Descriptor, isShared: Bool) {
        self.descriptor = Mutex(descriptor)
        self.isShared = isShared
    }

    /// Nil when it has been taken before.
    func take() -> Descriptor? {
        descriptor.withLock { descriptor in descriptor.take() }
    }
}

/// The sockets of a server: for each address one per loop.
struct Listeners: Sendable {
    private struct UnixFile {
        let path: String
        let identity: UInt64?
    }

    /// By loop.
    private(set) var sockets: [[ListeningSocket]]
    private(set) var addresses: [SocketAddress] = []
    private var files: [UnixFile] = []
    private let backlog: Int32
    private let socketMode: UInt32

    /// Of all loops.
    var count: Int { sockets.reduce(0) { $0 + $1.count } }

    init(opening requested: [ListenAddress], loops: Int, _ limits: ServerLimits) throws(ListenError) {
        sockets = Array(repeating: [], count: loops)
        backlog = Int32(clamping: limits.listenBacklog)
        socketMode = limits.socketMode
        for address in requested {
            do throws(ListenProblem) {
                try open(address)
            } catch {
                removeFiles()
                throw ListenError(address: address, reason: error.reason, errno: error.errno)
            }
        }
    }

    /// Removes the files of unix sockets, unless somebody else's have taken their places.
    func removeFiles() {
        for file in files { UnixSocketFile.remove(file.path, ifStill: file.identity) }
    }

    private mutating func open(_ address: ListenAddress) throws(ListenProblem) {
        switch address {
        case .port(let port): try openEverywhere(port)
        case .host(let host, let port):
            for address in try ListenProblem.wrap(resolving: host, port: port) {
                try ListenProblem.wrap { () throws(SystemError) in try openInternet(address, dualStack: false) }
            }
        case .unix(let path): try ListenProblem.wrap { () throws(SystemError) in try openUnix(path) }
        case .systemd: try openInherited()
        }
    }

    /// One socket for both families; on a machine without IPv6, one for IPv4.
    private mutating func openEverywhere(_ port: UInt16) throws(ListenProblem) {
        guard let six = SocketAddress(literal: "::", port: port),
            let four = SocketAddress(literal: "0.0.0.0", port: port)
        else { return }
        do throws(SystemError) {
            try openInternet(six, dualStack: true)
        } catch {
            guard error.isMissingFamily else { throw ListenProblem(error) }
            try ListenProblem.wrap { () throws(SystemError) in try openInternet(four, dualStack: false) }
        }
    }

    private mutating func openInternet(_ requested: SocketAddress, dualStack: Bool) throws(SystemError) {
        var address = requested
        let sharing: Descriptor.PortSharing = sockets.count > 1 ? .shared : .exclusive
        if sharing == .shared {
            // A shared port may be shared with any process of this user, whose requests we would be taking. So first
            // find out whether it is free, and let the kernel choose when it is 0.
            let probe = try Descriptor.bound(to: address, dualStack: dualStack, sharing: .exclusive)
            address = probe.localAddress() ?? address
        }
        for loop in sockets.indices {
            let socket = try Descriptor.listening(on: address, dualStack: dualStack, sharing: sharing, backlog: backlog)
            if loop == 0 { addresses.append(socket.localAddress() ?? address) }
            sockets[loop].append(ListeningSocket(socket, isShared: false))
        }
    }

    private mutating func openUnix(_ path: String) throws(SystemError) {
        guard let address = SocketAddress(unixPath: path) else { throw .impossiblePath(path) }
        try UnixSocketFile.removeIfStale(path, address: address)
        let socket = try Descriptor.listening(onUnix: address, path: path, mode: socketMode, backlog: backlog)
        files.append(UnixFile(path: path, identity: UnixSocketFile.identity(of: path)))
        addresses.append(address)
        try share(socket)
    }

    private mutating func openInherited() throws(ListenProblem) {
        for raw in try ListenProblem.takeInherited() {
            let socket = Descriptor(owning: raw)
            if let address = socket.localAddress() { addresses.append(address) }
            do throws(SystemError) { try share(socket) } catch { throw ListenProblem(error) }
        }
    }

    /// One socket for every loop: each gets a duplicate.
    private mutating func share(_ socket: consuming Descriptor) throws(SystemError) {
        for loop in sockets.indices.dropFirst() {
            sockets[loop].append(ListeningSocket(try socket.duplicate(), isShared: true))
        }
        sockets[0].append(ListeningSocket(socket, isShared: sockets.count > 1))
    }
}

/// Why an address could not be opened, in words for whoever has configured it.
private struct ListenProblem: Error {
    let reason: String
    let errno: Int32?

    init(_ error: SystemError) {
        errno = error.errno
        reason = "\(error.listeningHint) (\(error))"
    }

    init(reason: String, errno: Int32? = nil) {
        self.reason = reason
        self.errno = errno
    }

    static func wrap(_ body: () throws(SystemError) -> Void) throws(ListenProblem) {
        do throws(SystemError) { try body() } catch { throw ListenProblem(error) }
    }

    static func takeInherited() throws(ListenProblem) -> [Int32] {
        do throws(InheritedSockets.Problem) {
            let inherited = try InheritedSockets.take()
            if inherited.isEmpty { throw .nothing }
            return inherited
        } catch {
            throw ListenProblem(reason: error.reason, errno: error.errno)
        }
    }

    static func wrap(resolving host: String, port: UInt16) throws(ListenProblem) -> [SocketAddress] {
        if let literal = SocketAddress(literal: host, port: port) { return [literal] }
        do throws(NameResolution.Failure) {
            return try NameResolution.resolve(host, port: port, forListening: true)
        } catch {
            throw ListenProblem(reason: "the name cannot be resolved (\(error.reason))")
        }
    }
}
