import Glibc

/// Listening sockets that systemd has opened for this process (sd_listen_fds(3)).
enum InheritedSockets {
    /// The first of them, by the protocol; the others follow it.
    private static let firstDescriptor: Int32 = 3

    /// Takes them over. They are handed out once: the variables are removed, so that no child believes they are its own.
    static func take() throws(SystemError) -> [Int32] {
        defer {
            unsafe unsetenv("LISTEN_PID")
            unsafe unsetenv("LISTEN_FDS")
            unsafe unsetenv("LISTEN_FDNAMES")
        }
        guard variable("LISTEN_PID") == "\(getpid())", let text = variable("LISTEN_FDS"), let count = Int32(text),
            (1...1024).contains(count)
        else { return [] }
        var taken: [Int32] = []
        for raw in firstDescriptor..<firstDescriptor + count {
            try check("fcntl") { fcntl(raw, F_SETFD, FD_CLOEXEC) }
            try check("fcntl") { fcntl(raw, F_SETFL, O_NONBLOCK) }
            taken.append(raw)
        }
        return taken
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
