import Glibc

/// How many descriptors this process may have open at once (getrlimit(2), RLIMIT_NOFILE).
public enum DescriptorLimit {
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises it as far as the process may. For a program to call when it starts: the usual 1024 is for programs that use
    /// `select`, and a server with an open connection for each descriptor can do nothing else any more.
    public static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(resource, &limit)
    }

    static var current: Int {
        var limit = rlimit()
        return unsafe getrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_cur) : .max
    }
}
