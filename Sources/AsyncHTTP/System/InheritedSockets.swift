import Glibc

/// Listening sockets that systemd has opened for this process (sd_listen_fds(3)).
enum InheritedSockets {
    /// What was announced and is not there.
    struct Problem: Error, Hashable {
        let reason: String
        let errno: Int32

        static let nothing = Problem(
            reason: "systemd has handed over no sockets (LISTEN_FDS, LISTEN_PID)",
            errno: ENOENT
        )
    }

    /// The first of them, by the protocol; the others follow it.
    private static let firstDescriptor: Int32 = 3

    /// Takes them over. They are handed out once: the variables are removed, so that no child believes they are its own.
    static func take() throws(Problem) -> [Int32] {
        defer {
            unsafe unsetenv("LISTEN_PID")
            unsafe unsetenv("LISTEN_FDS")
            unsafe unsetenv("LISTEN_FDNAMES")
        }
        guard variable("LISTEN_PID") == "\(getpid())", let text = variable("LISTEN_FDS"), let count = Int32(text),
            (1...1024).contains(count)
        else { return [] }
        let announced = firstDescriptor..<firstDescriptor + count
        for raw in announced {
            if let fault = fault(of: raw) {
                let reason = "LISTEN_FDS is \(count), but descriptor \(raw) \(fault.text)"
                throw Problem(reason: reason, errno: fault.errno)
            }
        }
        for raw in announced {
            _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
            _ = fcntl(raw, F_SETFL, O_NONBLOCK)
        }
        return Array(announced)
    }

    /// Why it is not a listening socket that was handed over; nil when it is one.
    static func fault(of raw: Int32) -> (text: String, errno: Int32)? {
        let flags = fcntl(raw, F_GETFD)
        if flags < 0 { return ("is not open", EBADF) }
        // What has come through exec is without this flag; what the process itself has opened has it.
        if flags & FD_CLOEXEC != 0 { return ("was not handed over: the process itself has opened it", EBADF) }
        guard let type = option(SO_TYPE, of: raw) else { return ("is not a socket", ENOTSOCK) }
        if type != Int32(SOCK_STREAM.rawValue) { return ("is not a stream socket: use ListenStream=", EINVAL) }
        if option(SO_ACCEPTCONN, of: raw) != 1 { return ("is not listening: use ListenStream= and Accept=no", EINVAL) }
        return nil
    }

    private static func option(_ option: Int32, of raw: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(raw, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
