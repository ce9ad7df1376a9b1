package import Access
package import AsyncHTTP
package import Service
import Synchronization

/// The server and what locks it, for those who have to exist before they do.
package final class ServerHolder: Sendable {
    private struct Held {
        var server: HTTPServer?
        var locks: Locks?
        var reload: Reload?
    }

    private let held = Mutex(Held())

    package init() {}

    package var server: HTTPServer? {
        get { held.withLock { $0.server } }
        set { held.withLock { $0.server = newValue } }
    }

    package var locks: Locks? {
        get { held.withLock { $0.locks } }
        set { held.withLock { $0.locks = newValue } }
    }

    /// Nil where there is nothing to read again.
    package var reload: Reload? {
        get { held.withLock { $0.reload } }
        set { held.withLock { $0.reload = newValue } }
    }

    @Sendable package func statistics() -> ServerStatistics? { server?.statistics }

    /// What whoever looks at the page should know of it.
    package var warnings: [String] {
        guard let problem = reload?.last.problem else { return [] }
        return ["The configuration could not be read again, so that of before holds: \(problem)"]
    }
}
