import AsyncHTTP
import Cache
import Postgres
import Synchronization
import TestClock
import TestPostgres
import Testing

@testable import Hub

/// A database that does as a test says.
private final class ScriptedDatabase: Sendable {
    struct State {
        var cursor: Int64 = 0
        var arrived: Int64?
        var connections = 0
        var writes: [Int] = []
        var sequences: [Int64] = []
        var upkeeps: [Int64] = []
        var refusal: PostgresError?
        var upkeepRefusal: PostgresError?
    }

    let state = Mutex(State())

    func refuse(_ error: PostgresError?) { state.withLock { $0.refusal = error } }

    func connect(_ made: (SocketBreaker) -> Void) throws(PostgresError) -> any HistoryTarget {
        state.withLock { $0.connections += 1 }
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        return Connection(database: self)
    }

    struct Connection: HistoryTarget {
        let database: ScriptedDatabase
        var cursor: Int64 { database.state.withLock { $0.cursor } }
        var arrived: Int64? { database.state.withLock { $0.arrived } }

        func write(
            _ reports: [LoggedSamples],
            meanwhile: () -> Void
        ) throws(PostgresError) -> WrittenHistory {
            meanwhile()
            if let refusal = database.state.withLock({ $0.refusal }) { throw refusal }
            database.state.withLock { state in
                state.writes.append(reports.count)
                state.sequences += reports.map(\.sequence)
                state.cursor = reports.last?.sequence ?? state.cursor
            }
            var written = WrittenHistory()
            written.reports = Int64(reports.count)
            return written
        }

        func check() throws(PostgresError) {
            if let refusal = database.state.withLock({ $0.refusal }) { throw refusal }
        }

        func maintain(at moment: Int64) throws(PostgresError) {
            database.state.withLock { $0.upkeeps.append(moment) }
            if let refusal = database.state.withLock({ $0.upkeepRefusal }) { throw refusal }
        }
    }
}

@Suite("When a follower writes")
struct FollowerScheduleTests {
    private typealias Follower = PostgresFollower<ManualClock>

    /// Runs a follower of a new log on a clock that stands still.
    private func follow(
        _ change: (inout FollowerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Follower, Log, ScriptedDatabase, ManualClock) async throws -> Void
    ) throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        var configuration = FollowerConfiguration(try PostgresConfiguration("user=nobody"))
        change(&configuration)
        try withEventLoops { [configuration] group in
            let (clock, database) = (ManualClock(), ScriptedDatabase())
            let follower = Follower(
                configuration,
                of: log,
                try log.reader(),
                clock: clock,
                wallClock: { midnight + clock.now.milliseconds }
            ) { made throws(PostgresError) in try database.connect(made) }
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { await follower.run() }
                try await body(follower, log, database, clock)
                tasks.cancelAll()
            }
            follower.close()
        }
        log.close()
    }

    @Test("is once a second, and at once while there is more than one transaction takes")
    func interval() throws {
        try follow {
            $0.limits.reports = 10
        } _: { follower, log, database, clock in
            await until { follower.status.cursor == 0 }
            for _ in 0..<25 { _ = try await log.append(.sample()) }
            await clock.advance(by: .milliseconds(999))
            #expect(database.state.withLock { $0.writes } == [])
            await clock.advance(by: .milliseconds(1))
            await until { follower.status.cursor == 25 }
            #expect(database.state.withLock { $0.writes } == [10, 10, 5])
            #expect(follower.status.written.reports == 25)
            #expect(database.state.withLock { $0.connections } == 1)
        }
    }

    @Test("reads the next while the last are written, and again what was not written")
    func ahead() throws {
        try follow {
            $0.limits.reports = 10
            $0.limits.rows = 15
        } _: { follower, log, database, clock in
            await until { follower.status.cursor == 0 }
            for _ in 0..<30 { _ = try await log.append(.sample(["a": 1, "b": 2])) }
            database.refuse(PostgresError(.row, "no"))
            await clock.advance(by: .seconds(1))
            await until { follower.status.failures == 1 }
            for _ in 0..<30 { _ = try await log.append(.sample(["a": 1, "b": 2])) }
            database.refuse(nil)
            await clock.advance(by: .seconds(2))
            await until { follower.status.cursor == 60 }
            #expect(database.state.withLock { $0.sequences } == Array(1...60))
        }
    }

    @Test(
        "is later and later while it fails, with a new connection each time, and it knows meanwhile how far behind it is"
    )
    func backoff() throws {
        try follow {
            $0.backoff = Backoff(initial: .seconds(10), cap: .seconds(20))
        } _: { follower, log, database, clock in
            database.refuse(PostgresError(.connection, "gone"))
            await until { follower.status.failures == 1 }
            #expect(follower.status.failure == "gone")
            _ = try await log.append(.sample(at: midnight))
            _ = try await log.append(.sample(at: midnight + 1))
            // Less than the shortest wait, with its jitter: a look, and no attempt.
            for _ in 0..<7 { await clock.advance(by: .seconds(1)) }
            await until { follower.status.unread == 2 }
            #expect(follower.status.lag(at: midnight + 7000) == .seconds(7))
            #expect(database.state.withLock { $0.connections } == 1)
            await until(following: clock) { follower.status.failures == 2 }
            database.refuse(nil)
            await until(following: clock) { follower.status.cursor == 2 }
            #expect(follower.status.failure == nil)
            #expect(follower.status.unread == 0)
            #expect(database.state.withLock { $0.connections } == 3)
        }
    }

    @Test("is not needed to notice that the database has gone, and to connect again when it is back")
    func idle() throws {
        try follow { follower, log, database, clock in
            _ = try await log.append(.sample())
            await until(following: clock) { follower.status.cursor == 1 }
            database.refuse(PostgresError(.connection, "gone"))
            await until(following: clock) { follower.status.failure == "gone" }
            #expect(!follower.status.isConnected)
            #expect(follower.status.unread == 0)
            database.refuse(nil)
            await until(following: clock) { follower.status.isConnected }
        }
    }

    @Test("of the tables' upkeep is once an hour, and its failure stops no rows")
    func upkeep() throws {
        try follow { follower, log, database, clock in
            database.state.withLock { $0.upkeepRefusal = PostgresError(.permission, "may not") }
            await until(following: clock) {
                follower.status.upkeepFailure == "may not" || follower.status.cursor != nil
            }
            _ = try await log.append(.sample())
            await until(following: clock) { follower.status.cursor == 1 }
            let first = database.state.withLock { $0.upkeeps }
            await clock.advance(by: .seconds(3600))
            await until(following: clock) { database.state.withLock { $0.upkeeps.count } > first.count }
            let upkeeps = database.state.withLock { $0.upkeeps }
            #expect(upkeeps.count == 2)
            #expect(upkeeps[1] - upkeeps[0] >= 3_600_000)
            await until(following: clock) { follower.status.upkeepFailure == "may not" }
        }
    }
}

extension MonotonicInstant {
    fileprivate var milliseconds: Int64 { ManualClock.beginning.duration(to: self).clampedNanoseconds / 1_000_000 }
}

/// Lets a second go by, and looks, until it is so.
private func until(following clock: ManualClock, _ condition: @escaping @Sendable () -> Bool) async {
    while !condition() { await clock.advance(by: .seconds(1)) }
}
