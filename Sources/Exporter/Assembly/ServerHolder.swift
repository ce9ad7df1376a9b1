import Access
import AsyncHTTP
import Service
import Synchronization

/// The server and what locks it, for those who have to exist before they do.
final class ServerHolder: Sendable {
    private struct Held {
        var server: HTTPServer?
        var locks: Locks?
        var reload: Reload?
    }

    private let held = Mutex(Held())

    var server: HTTPServer? {
        get { held.withLock { $0.server } }
        set { held.withLock { $0.server = newValue } }
    }

    var locks: Locks? {
        get { held.withLock { $0.locks } }
        set { held.withLock { $0.locks = newValue } }
    }

    /// Nil where there is nothing to read again.
    var reload: Reload? {
        get { held.withLock { $0.reload } }
        set { held.withLock { $0.reload = newValue } }
    }

    @Sendable func statistics() -> ServerStatistics? { server?.statistics }

    /// What whoever looks at the page should know of it.
    var warnings: [String] {
        guard let problem = reload?.last.problem else { return [] }
        return ["The configuration could not be read again, so that of before holds: \(problem)"]
    }
}
