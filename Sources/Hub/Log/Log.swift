package import AsyncHTTP
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
    private let presence: FilePresence
    private let fullness = Atomic(false)
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
        presence = FilePresence([file.place, file.place + "-wal"])
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

    /// Puts a component into the register, which outlives a restart: for when only those may report who are in it.
    ///
    /// - Parameter moment: now, in milliseconds since 1970.
    package func register(_ component: Component, at moment: Int64) async throws(LogError) {
        _ = try await perform(.register(component, moment: moment))
    }

    /// Takes a component from the register, if it is there.
    package func deregister(_ component: Component) async throws(LogError) {
        _ = try await perform(.deregister(component))
    }

    /// Drops what has been kept long enough, for when nobody reports. To be called now and then.
    ///
    /// - Parameter moment: now, in milliseconds since 1970.
    package func tidy(at moment: Int64) async throws(LogError) {
        _ = try await perform(.tidy(moment: moment))
    }

    /// Tells those who have waited too long that the disk does not keep up. To be called about once a second.
    package func endOverdue(at now: MonotonicInstant) {
        let moment = now.advanced(by: .zero - configuration.limits.longestWait)
        for order in waiting.overdue(since: moment) { order.end(.failure(error(.behind))) }
    }

    /// Reports that are not on the disk yet, those that are being written included.
    package var backlog: Int { waiting.count }

    /// Bytes of the file and its write-ahead log, as they are on the disk.
    package var size: ByteCount {
        .bytes([place, place + "-wal"].reduce(0) { $0 + Int((try? FileSignature.of($1).size) ?? 0) })
    }

    /// Whether the last report was refused because there is no room, on the disk or within the size that the log may have.
    package var isFull: Bool { fullness.load(ordering: .relaxed) }

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
        let order = WaitingOrder(order, at: .now)
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
        guard presence.isThere() else { return end(orders, with: orders.map { _ in .failure(error(.gone)) }) }
        end(orders, with: writer.withLock { $0?.commit(orders.map(\.order), size: orders.reduce(0) { $0 + $1.size }) })
    }

    /// - Parameter outcomes: one for each; nil when nothing is written any more.
    private func end(_ orders: [WaitingOrder], with outcomes: [WaitingOrder.Outcome]?) {
        waiting.finish(orders)
        let outcomes = outcomes ?? orders.map { _ in .failure(error(.closed)) }
        for outcome in outcomes { note(outcome) }
        for (order, outcome) in zip(orders, outcomes) { order.end(outcome) }
    }

    private func note(_ outcome: WaitingOrder.Outcome) {
        switch outcome {
        case .success(.written): fullness.store(false, ordering: .relaxed)
        case .failure(let error) where error.kind == .full || error.kind == .noSpace:
            fullness.store(true, ordering: .relaxed)
        case .success, .failure: return
        }
    }

    private func error(_ kind: LogError.Kind) -> LogError { LogError(kind, configuration.path) }
}
