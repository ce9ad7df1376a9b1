import AsyncHTTP
import Synchronization

/// Reads files again when somebody asks for it: one time after the other, off the loops. What came of it is logged and
/// remembered.
package final class Reload: Sendable {
    /// How the last attempt ended, the one at the start included.
    package struct Outcome: Sendable {
        /// What was wrong; nil when nothing was.
        package let problem: String?
        /// When files were last read and nothing was wrong, since 1970.
        package let lastSuccess: Duration
    }

    private let thread = WorkThread(capacity: 4)
    private let logger: Logger
    private let read: @Sendable () throws -> [String]
    private let stored: Mutex<Outcome>

    /// - Parameter read: reads everything again, or throws and has changed nothing; it returns remarks for the log. It may block.
    package init(_ logger: Logger, read: @escaping @Sendable () throws -> [String]) {
        self.logger = logger
        self.read = read
        stored = Mutex(Outcome(problem: nil, lastSuccess: WallClock.sinceEpoch))
    }

    /// For a lifecycle: the log says what came of it.
    package var action: @Sendable () async -> Void {
        { await self.run() }
    }

    package var last: Outcome { stored.withLock { $0 } }

    /// - Returns: what is wrong; nil when everything has been read.
    @discardableResult
    package func run() async -> String? {
        do {
            let remarks = try await thread.run { [read] in try read() }
            for remark in remarks { logger.warn("configuration", ("remark", LogValue(remark))) }
            logger.info("configuration has been read again")
            stored.withLock { $0 = Outcome(problem: nil, lastSuccess: WallClock.sinceEpoch) }
            return nil
        } catch is WorkThread.Refusal {
            return "it is being read already"
        } catch is CancellationError {
            return "the program ends"
        } catch {
            let problem = "\(error)"
            logger.error(
                "configuration cannot be read again: what was read before stands",
                ("error", LogValue(problem))
            )
            stored.withLock { $0 = Outcome(problem: problem, lastSuccess: $0.lastSuccess) }
            return problem
        }
    }
}
