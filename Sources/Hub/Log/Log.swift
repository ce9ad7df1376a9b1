import AsyncHTTP
import SQLite
import Synchronization

/// The durable queue of reports: SQLite in a file, written by a thread of its own.
///
/// An append returns when the report is on the disk. All that comes during a commit is the next commit; there is no timer. A disk
/// that hangs holds up nobody but those who wait for it.
package final class Log: Sendable {
    package let configuration: LogConfiguration
    /// A UUID made with the file: followers keep their place in this log by it.
    package let identity: String
    /// Where the file is, without links in its directory.
    private let place: String
    private let waiting: WaitingOrders
    private let thread = WorkThread(capacity: .max)
    /// Nil when it has been closed. Locked on the thread, and before it is started.
    private let writer: Mutex<LogWriter?>
    private let file: Mutex<LogFile?>

    /// Opens the file, or makes it. Blocks, so it is called off the loops.
    package init(_ configuration: LogConfiguration) throws(LogError) {
        let file = try LogFile(configuration)
        let database = try file.connect()
        let writer = try LogError.naming(configuration.path) { () throws(SQLiteError) in
            try LogWriter(database, configuration)
        }
        self.configuration = configuration
        identity = writer.identity
        place = file.place
        waiting = WaitingOrders(configuration.limits)
        self.writer = Mutex(writer)
        self.file = Mutex(file)
    }

    /// Writes a report, or recognises it as one that was written.
    ///
    /// - Throws: why it is not written. After `.cancelled` it may be.
    package func append(_ report: Report) async throws(LogError) -> Appended {
        guard let appended = try await perform(.append(report)) else { throw error(.failed) }
        return appended
    }

    /// Notes what a follower has read, and makes it known with its first call: from then on nothing is dropped that it has not
    /// read. It never goes back.
    package func advance(_ follower: String, to sequence: Int64) async throws(LogError) {
        _ = try await perform(.advance(follower: follower, sequence: sequence))
    }

    /// Waits for a follower no longer.
    package func forget(_ follower: String) async throws(LogError) {
        _ = try await perform(.forget(follower: follower))
    }

    /// Drops what has been kept long enough, for when nobody reports. To be called now and then.
    ///
    /// - Parameter moment: now, in milliseconds since 1970.
    package func tidy(at moment: Int64) async throws(LogError) {
        _ = try await perform(.tidy(moment: moment))
    }

    /// Reports that are not on the disk yet, those that are being written included.
    package var backlog: Int { waiting.count }

    /// Another connection, which sees what is committed. Blocks, so it is called off the loops.
    package func reader() throws(LogError) -> LogReader {
        try LogReader(place: place, path: configuration.path)
    }

    /// Writes what waits, and closes the file. To be called off the loops, when nobody appends any more.
    package func close() {
        thread.stop()
        writer.withLock { $0 = nil }
        file.withLock { $0 = nil }
    }

    private func perform(_ order: LogWriter.Order) async throws(LogError) -> Appended? {
        let order = WaitingOrder(order)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { if order.begin($0) { enqueue(order) } }
        } onCancel: {
            waiting.withdraw(order)
            order.end(.failure(error(.cancelled)))
        }
        return try outcome.get()
    }

    private func enqueue(_ order: WaitingOrder) {
        switch waiting.add(order) {
        case .added: return
        case .refused: order.end(.failure(error(.behind)))
        case .first:
            do throws(WorkThread.Refusal) {
                try thread.submit { [self] in commitWaiting() }
            } catch {
                end(waiting.takeAll(), with: nil)
            }
        }
    }

    /// On the thread: everything that has come meanwhile.
    private func commitWaiting() {
        let orders = waiting.takeAll()
        if orders.isEmpty { return }
        end(orders, with: writer.withLock { $0?.commit(orders.map(\.order)) })
    }

    /// - Parameter outcomes: one for each; nil when nothing is written any more.
    private func end(_ orders: [WaitingOrder], with outcomes: [WaitingOrder.Outcome]?) {
        waiting.finish(orders)
        let outcomes = outcomes ?? orders.map { _ in .failure(error(.closed)) }
        for (order, outcome) in zip(orders, outcomes) { order.end(outcome) }
    }

    private func error(_ kind: LogError.Kind) -> LogError { LogError(kind, configuration.path) }
}
