import Glibc

/// What the process may use, and who looks at it.
enum Surroundings {
    /// Whether somebody sees standard error as it is written.
    static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Lets the process have as many descriptors as it is allowed to: 1,024 connections are soon used up.
    ///
    /// - Returns: how many that are.
    static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_max)
    }
}
