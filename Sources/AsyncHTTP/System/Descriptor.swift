import Glibc

/// An open file descriptor. Its owner closes it by letting it go.
package struct Descriptor: ~Copyable {
    package let raw: Int32

    package init(owning raw: Int32) {
        self.raw = raw
    }

    /// Hands the descriptor over to somebody who closes it.
    package consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    package func duplicate() throws(SystemError) -> Descriptor {
        let raw = raw
        return Descriptor(owning: try check("fcntl") { fcntl(raw, F_DUPFD_CLOEXEC, 0) })
    }

    deinit {
        // EINTR is no reason to repeat it: Linux has released the number by then.
        _ = close(raw)
    }
}
