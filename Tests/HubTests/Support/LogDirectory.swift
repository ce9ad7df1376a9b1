import Glibc
import Hub

/// A directory for logs, which goes with whoever has it.
final class LogDirectory: Sendable {
    struct Failure: Error {}

    let path: String

    init() throws {
        var template = Array("/tmp/hub-log-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["log.db", "log.db-wal", "log.db-shm", "link.db"] { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    var file: String { "\(path)/log.db" }

    /// A configuration of the log in it.
    func configuration(_ change: (inout LogConfiguration) -> Void = { _ in }) -> LogConfiguration {
        var configuration = LogConfiguration(path: file)
        configuration.limits.patience = .zero
        change(&configuration)
        return configuration
    }

    func log(_ change: (inout LogConfiguration) -> Void = { _ in }) throws -> Log {
        try Log(configuration(change))
    }
}
