import Glibc

/// What errors mean for whoever wants to listen somewhere.
extension SystemError {
    /// Says what to do about it.
    var listeningHint: String {
        switch errno {
        case EADDRINUSE: "another process is listening there"
        case EACCES:
            "not permitted; ports below 1024 need root or CAP_NET_BIND_SERVICE, a path needs a writable folder"
        case EADDRNOTAVAIL: "no interface of this machine has that address"
        case EEXIST: "a file that is not a socket is in the way"
        case ENOENT: "the folder does not exist"
        case ENAMETOOLONG: "a unix socket's path has 1 to 107 bytes"
        default: "the system refused"
        }
    }

    /// This machine has no IPv6.
    var isMissingFamily: Bool { errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL }

    static func impossiblePath(_ path: String) -> SystemError {
        SystemError("bind", errno: ENAMETOOLONG, subject: path)
    }
}
