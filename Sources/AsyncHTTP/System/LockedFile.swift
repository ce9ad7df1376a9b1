import Glibc

/// A regular file that its owner alone may read, held by one process at a time. Blocks like any file.
///
/// The lock is flock(2)'s: it ends with the process, however that ends.
package struct LockedFile: ~Copyable, Sendable {
    /// With its directory's links resolved; the last part is no link.
    package let path: String
    private let descriptor: Descriptor

    /// Opens the file, or makes it.
    ///
    /// - Throws: `ELOOP` for a symbolic link, `EISDIR` for a directory, `EINVAL` for what is no regular file, `EWOULDBLOCK`
    ///   while another process holds it, and what the system says.
    package static func opening(_ path: String) throws(SystemError) -> LockedFile {
        let resolved = try resolved(path)
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let descriptor = Descriptor(
            owning: try check("open", subject: path) { unsafe open(resolved, flags, 0o600) }
        )
        let raw = descriptor.raw
        var status = stat()
        try check("fstat", subject: path) { unsafe fstat(raw, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("open", errno: EINVAL, subject: path) }
        try check("flock", subject: path) { flock(raw, LOCK_EX | LOCK_NB) }
        if status.st_size == 0 { try keepName(of: resolved) }
        return LockedFile(path: resolved, descriptor: descriptor)
    }

    private init(path: String, descriptor: consuming Descriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Closing does not end it while a process that is just being started has a copy of the descriptor.
        _ = flock(descriptor.raw, LOCK_UN)
    }

    /// What the file begins with: so many bytes, or fewer when it is shorter.
    package func beginning(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        let raw = descriptor.raw
        let read = try check("pread", subject: path) { unsafe pread(raw, &bytes, bytes.count, 0) }
        return Array(bytes.prefix(read))
    }

    /// Takes the file away from everybody but its owner, whatever the umask was.
    package func restrict() throws(SystemError) {
        let raw = descriptor.raw
        try check("fchmod", subject: path) { fchmod(raw, 0o600) }
    }

    private static func resolved(_ path: String) throws(SystemError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last ?? ""
        let directory = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "."
        guard !name.isEmpty, name != ".", name != ".." else { throw SystemError("open", errno: EISDIR, subject: path) }
        guard let real = unsafe realpath(directory, nil) else {
            throw SystemError("realpath", errno: Glibc.errno, subject: directory)
        }
        defer { unsafe free(real) }
        let text = unsafe String(cString: real)
        return text == "/" ? "/\(name)" : "\(text)/\(name)"
    }

    /// A new file's name is in its directory, which is written to the disk, too.
    private static func keepName(of path: String) throws(SystemError) {
        let directory =
            path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/"
        let opened = try Descriptor.opening(directory)
        let raw = opened.raw
        try check("fsync", subject: directory) { fsync(raw) }
    }
}
