import Glibc

/// How many descriptors this process may have open at once (getrlimit(2), RLIMIT_NOFILE).
public enum DescriptorLimit {
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises it as far as the process may. For a program to call when it starts: the usual 1024 is for programs that use
    /// `select`, and a server with an open connection for each descriptor can do nothing else any more.
    ///
    /// - Returns: how many that are.
    @discardableResult
    public static func raise() -> Int {
        if var limit, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            unsafe setrlimit(resource, &limit)
        }
        return current
    }

    /// As many as an `Int` holds where the system does not say.
    public static var current: Int { limit.map { Int(clamping: $0.rlim_cur) } ?? .max }

    /// How many of the lowest numbers are in use. Where more can be had, nobody has to count them.
    private static let counted: Int32 = 256

    /// How many descriptors are open now, of those that the system gives first.
    static var open: Int {
        (0..<min(counted, Int32(clamping: current))).count { fcntl($0, F_GETFD) >= 0 }
    }

    private static var limit: rlimit? {
        var limit = rlimit()
        return unsafe getrlimit(resource, &limit) == 0 ? limit : nil
    }
}
