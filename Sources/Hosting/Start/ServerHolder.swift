package import Access
package import AsyncHTTP
package import Service
import Synchronization

/// The servers of a program and what locks them, for those who have to exist before they do.
package final class ServerHolder: Sendable {
    private struct Held {
        var server: HTTPServer?
        var others: [HTTPServer] = []
        var locks: Locks?
        var reload: Reload?
    }

    private let held = Mutex(Held())

    package init() {}

    /// That of the first port, which is counted.
    package var server: HTTPServer? { held.withLock { $0.server } }

    var servers: [HTTPServer] {
        held.withLock { held in (held.server.map { [$0] } ?? []) + held.others }
    }

    func hold(_ server: HTTPServer) {
        held.withLock { $0.server = server }
    }

    func hold(another server: HTTPServer) {
        held.withLock { $0.others.append(server) }
    }

    /// Holds no server any more: their handlers lead to the metrics, and those would lead back to them.
    package func letGo() {
        held.withLock { ($0.server, $0.others) = (nil, []) }
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

    /// Of the first port, but for handshakes, which are those of all.
    @Sendable package func statisticsOfLocks() -> ServerStatistics? {
        var statistics = server?.statistics
        for other in held.withLock({ $0.others }) {
            statistics?.handshakes += other.statistics.handshakes
            statistics?.failedHandshakes += other.statistics.failedHandshakes
        }
        return statistics
    }

    @Sendable package func statistics() -> ServerStatistics? { server?.statistics }

    /// What whoever looks at the page should know of it.
    package var warnings: [String] {
        guard let problem = reload?.last.problem else { return [] }
        return ["The configuration could not be read again, so that of before holds: \(problem)"]
    }
}
