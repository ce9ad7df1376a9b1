import Glibc

/// An open file descriptor. Its owner closes it by letting it go, or before that.
package struct Descriptor: ~Copyable {
    /// -1 once it has been closed: every call with it fails from then on.
    private(set) var raw: Int32

    init(owning raw: Int32) {
        self.raw = raw
    }

    /// Hands the descriptor over to somebody who closes it.
    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    func duplicate() throws(SystemError) -> Descriptor {
        let raw = raw
        return Descriptor(owning: try check("fcntl") { fcntl(raw, F_DUPFD_CLOEXEC, 0) })
    }

    mutating func close() {
        // EINTR is no reason to repeat it: Linux has released the number by then.
        if raw >= 0 { _ = Glibc.close(raw) }
        raw = -1
    }

    deinit {
        if raw >= 0 { _ = Glibc.close(raw) }
    }
}
