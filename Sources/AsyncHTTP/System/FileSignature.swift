import Glibc

/// Tells one state of a file from the next without reading it. Links are followed: Kubernetes exchanges a link, not a file.
package struct FileSignature: Sendable, Hashable {
    private let device: UInt64
    private let inode: UInt64
    package let size: Int64
    /// It is neither a directory nor a pipe, a socket or a device.
    package let isRegular: Bool
    private let modified: Moment
    /// Tells, too, of what was written in place and given its old time back.
    private let changed: Moment

    private struct Moment: Sendable, Hashable {
        let seconds: Int
        let nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }

    /// Whether it is of the same file, whatever has happened to that.
    package func isSameFile(as other: FileSignature) -> Bool { device == other.device && inode == other.inode }

    /// Taken before the file is read: what is written meanwhile is then seen at the next look. Blocks like any file.
    package static func of(_ path: String) throws(SystemError) -> FileSignature {
        var status = Glibc.stat()
        try check("stat", subject: path) { unsafe stat(path, &status) }
        return FileSignature(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            isRegular: status.st_mode & S_IFMT == S_IFREG,
            modified: Moment(status.st_mtim),
            changed: Moment(status.st_ctim)
        )
    }
}
