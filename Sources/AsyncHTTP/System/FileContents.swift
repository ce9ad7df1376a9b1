import Glibc

/// Reads small files whole: certificates, passwords, configuration. Blocks like any file, so it is called off the loops.
package enum FileContents {
    /// Everything in the file, which is never waited for: a pipe that nobody writes to is empty.
    ///
    /// - Throws: what the system says, and `EFBIG` for a file that is longer than the limit.
    package static func read(_ path: String, limit: ByteCount) throws(SystemError) -> [UInt8] {
        let file = try Descriptor.opening(path)
        let bytes = try file.readAll(upTo: max(0, limit.bytes) &+ 1, subject: path)
        guard bytes.count <= limit.bytes else { throw SystemError("read", errno: EFBIG, subject: path) }
        return bytes
    }
}

extension Descriptor {
    /// Opens a file for reading.
    static func opening(_ path: String) throws(SystemError) -> Descriptor {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        return Descriptor(owning: try check("open", subject: path) { unsafe open(path, flags) })
    }

    /// What comes until the end, or until there is so much.
    func readAll(upTo limit: Int, subject: String) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let raw = raw
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < limit {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                do throws(SystemError) {
                    let got = try check("read", subject: subject) { unsafe read(raw, rest.baseAddress, rest.count) }
                    if got == 0 { return }
                    count += got
                } catch {
                    failure = error
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
