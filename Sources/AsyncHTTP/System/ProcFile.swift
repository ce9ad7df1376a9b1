import Glibc

/// Reads the kernel's accounts: small files that are made when they are read.
package enum ProcFile {
    /// More than any file that is read here has before what is looked for in it.
    package static let defaultLimit = 4096

    /// The units of what the kernel counts: of processor time, and of memory.
    package static let ticksPerSecond = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
    package static let processors = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
    package static let pageSize = Double(max(sysconf(Int32(_SC_PAGESIZE)), 1))

    /// The beginning of a file; `nil` if it cannot be read.
    package static func read(_ path: String, limit: Int = defaultLimit) -> [UInt8]? {
        guard let file = try? Descriptor.opening(path) else { return nil }
        return try? file.readAll(upTo: limit, subject: path)
    }

    /// How many entries a directory of descriptors has, without the one that counting needs.
    package static func countDescriptors(in path: String) -> Int? {
        // Since Linux 6.2 the size of this directory is the number of entries: one system call instead of one per 1024.
        var status = Glibc.stat()
        if unsafe stat(path, &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        guard let directory = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return max(count - 3, 0)  // `.`, `..` and the directory's own descriptor.
    }
}
