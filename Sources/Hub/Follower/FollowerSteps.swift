import AsyncHTTP
import Postgres
import Synchronization

/// What a follower does on its thread: read, write, and connect where there is no connection. Each call blocks.
final class FollowerSteps: Sendable {
    /// - Parameter made: told as soon as there is something to break off.
    typealias Connect = @Sendable (_ made: (SocketBreaker) -> Void) throws(PostgresError) -> any HistoryTarget

    private struct Target {
        var history: (any HistoryTarget)?
        /// The last that was known to be in the database.
        var cursor: Int64 = 0
        /// When the tables are seen to again, in milliseconds since 1970.
        var upkeep = Int64.min
        var upkeepFailure: String?
        /// Read while the server still worked on what came before.
        var ahead: (cursor: Int64, reports: [LoggedSamples])?
    }

    private let reader: LogReader
    private let limits: FollowerLimits
    private let wallClock: @Sendable () -> Int64
    private let connect: Connect
    private let interruption: Interruption
    private let target = Mutex(Target())

    init(
        _ reader: LogReader,
        limits: FollowerLimits,
        wallClock: @escaping @Sendable () -> Int64,
        connect: @escaping Connect,
        _ interruption: Interruption
    ) {
        self.reader = reader
        self.limits = limits
        self.wallClock = wallClock
        self.connect = connect
        self.interruption = interruption
    }

    /// Writes what comes next. After a failure the next call connects again: nobody knows what the connection has come to.
    func next() -> FollowerStep {
        target.withLock { target in
            var step = FollowerStep()
            do {
                try advance(&target, &step)
            } catch {
                step.failure = "\(error)"
                if error is PostgresError { drop(&target) }
                if step.lag == nil { step.lag = try? lag(behind: target.cursor) }
            }
            step.isConnected = target.history != nil
            step.upkeepFailure = target.upkeepFailure
            return step
        }
    }

    /// How far behind it is, for when nothing can be written.
    func look() -> FollowerLag? {
        target.withLock { try? lag(behind: $0.cursor) }
    }

    func disconnect() {
        target.withLock { drop(&$0) }
    }

    private func drop(_ target: inout Target) {
        interruption.hold(nil)
        target.history = nil
        target.ahead = nil
    }

    private func advance(_ target: inout Target, _ step: inout FollowerStep) throws {
        let isNew = target.history == nil
        let history = try target.history ?? connect { [interruption] in interruption.hold($0) }
        target.history = history
        target.cursor = history.cursor
        if isNew { try check(history) }
        step.cursor = history.cursor
        try maintain(&target, history)
        let found = try samples(&target, after: history.cursor)
        guard let first = found.first, let last = found.last else {
            try check(history.cursor)
            try history.check()
            step.lag = FollowerLag(unread: 0, oldestUnread: nil)
            return
        }
        let reports = ReportIdentities.beginning(of: found, rows: limits.rows)
        step.hasMore = found.count >= limits.reports || reports.count < found.count
        let end = step.hasMore ? try reader.last() : last.sequence
        step.lag = FollowerLag(unread: end &- history.cursor, oldestUnread: first.arrived)
        var ahead: [LoggedSamples]?
        step.written = try history.write(reports) {
            if step.hasMore { ahead = try? reader.samples(after: reports.last?.sequence ?? 0, limit: limits.reports) }
        }
        target.ahead = ahead.map { (history.cursor, $0) }
        target.cursor = history.cursor
        step.cursor = history.cursor
        let next = reports.count < found.count ? found[reports.count].arrived : last.arrived
        step.lag = FollowerLag(unread: end &- history.cursor, oldestUnread: step.hasMore ? next : nil)
    }

    /// What comes next, read already or read now.
    private func samples(_ target: inout Target, after cursor: Int64) throws(LogError) -> [LoggedSamples] {
        let ahead = target.ahead
        target.ahead = nil
        if let ahead, ahead.cursor == cursor, !ahead.reports.isEmpty { return ahead.reports }
        return try reader.samples(after: cursor, limit: limits.reports)
    }

    /// A failure that is not the connection's stops no rows.
    private func maintain(_ target: inout Target, _ history: any HistoryTarget) throws(PostgresError) {
        let now = wallClock()
        // A clock that was ahead for a while has said when.
        guard now >= target.upkeep || target.upkeep > now.advanced(by: limits.upkeep) else { return }
        do throws(PostgresError) {
            try history.maintain(at: now)
            target.upkeepFailure = nil
        } catch {
            if error.kind == .connection || error.kind == .brokenOff { throw error }
            target.upkeepFailure = error.description
        }
        target.upkeep = now.advanced(by: limits.upkeep)
    }

    /// The report that the database has as the last of this log is the one that this log has by that number.
    private func check(_ history: any HistoryTarget) throws {
        try check(history.cursor)
        guard let arrived = history.arrived, history.cursor > 0,
            let own = try reader.samples(after: history.cursor &- 1, limit: 1).first, own.sequence == history.cursor,
            own.arrived != arrived
        else { return }
        throw PostgresError(
            .configuration,
            "report \(history.cursor) of this log is another one in the database: a copy of this log is in use, or an older copy has been put "
                + "back and gone on. Move it away, and a new one is made; what is in it can be sent again from `store export`"
        )
    }

    /// Reports that come now would have numbers that the database knows as written.
    private func check(_ cursor: Int64) throws {
        let last = try reader.last()
        guard cursor > last else { return }
        throw PostgresError(
            .configuration,
            "the database has report \(cursor) of this log, which ends at \(last): an older copy has been put back. What is in it is "
                + "in the database; move it away, and a new one is made"
        )
    }

    private func lag(behind cursor: Int64) throws(LogError) -> FollowerLag {
        let last = try reader.last()
        return FollowerLag(
            unread: max(0, last &- cursor),
            oldestUnread: try reader.samples(after: cursor, limit: 1).first?.arrived
        )
    }
}
