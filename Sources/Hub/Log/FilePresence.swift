import AsyncHTTP
import Synchronization

/// Whether files are where they were: what is written into a file that somebody has moved or deleted nobody finds again.
final class FilePresence: Sendable {
    private let paths: [String]
    /// As each was seen first.
    private let seen = Mutex<[String: FileSignature]>([:])

    init(_ paths: [String]) {
        self.paths = paths
    }

    /// Blocks as a look at a directory does.
    func isThere() -> Bool {
        seen.withLock { seen in
            paths.allSatisfy { path in
                let now = try? FileSignature.of(path)
                guard let first = seen[path] else {
                    seen[path] = now
                    return true
                }
                return now.map { $0.isSameFile(as: first) } ?? false
            }
        }
    }
}
