import AsyncHTTP

/// The machine's or the container's name, as the kernel says it.
package enum HostName {
    /// Nil when it does not.
    ///
    /// - Parameter path: of a file that holds it.
    package static func read(_ path: String = "/proc/sys/kernel/hostname") -> String? {
        guard let text = ProcFile.read(path) else { return nil }
        let name = String(decoding: text.prefix { $0 > 0x20 }, as: UTF8.self)
        return name.isEmpty ? nil : name
    }
}
