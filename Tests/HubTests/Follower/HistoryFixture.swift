import AsyncHTTP
import Cache
import Postgres
import TestPostgres

@testable import Hub

/// A log, and a database for it.
struct HistoryFixture {
    let directory: LogDirectory
    let log: Log
    let database: TestDatabase
    var configuration: FollowerConfiguration

    init(
        _ server: Result<TestPostgres, any Error> = TestPostgres.shared,
        beside other: HistoryFixture? = nil,
        _ change: (inout FollowerConfiguration) -> Void = { _ in }
    ) throws {
        directory = try LogDirectory()
        log = try directory.log()
        database = try other?.database ?? TestDatabase(server)
        configuration = FollowerConfiguration(try database.configuration())
        configuration.interval = .milliseconds(1)
        configuration.backoff = Backoff(initial: .milliseconds(5), cap: .milliseconds(50))
        configuration.retention = nil
        // Tests have a time of their own.
        configuration.limits.serverClock = "to_timestamp(100000000000)"
        change(&configuration)
    }

    func history(_ made: (SocketBreaker) -> Void = { _ in }) throws -> PostgresHistory {
        try PostgresHistory(configuration, of: log, log.reader(), made: made)
    }

    func unread(_ history: PostgresHistory) throws -> [LoggedSamples] {
        try log.reader().samples(after: history.cursor, limit: 10_000)
    }

    /// Appends reports of two samples each, numbered from there.
    func append(_ numbers: Range<Int>, id: (Int) -> String? = { _ in nil }) async throws {
        for number in numbers {
            _ = try await log.append(
                .sample(
                    ["m": Double(number), "n": Double(-number)],
                    of: "w\(number % 3)",
                    id: id(number),
                    at: midnight + Int64(number)
                )
            )
        }
    }

    /// Follows while the body looks on.
    func following(_ body: @escaping @Sendable (PostgresFollower<EventLoopClock>) async throws -> Void) throws {
        let (configuration, log) = (configuration, log)
        try withEventLoops { group in
            let follower = try PostgresFollower(configuration, of: log, clock: group.first.clock) { midnight }
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { await follower.run() }
                try await body(follower)
                tasks.cancelAll()
            }
            follower.close()
        }
    }

    /// How many rows there are, how many different ones and how many numbers, and the least and the greatest value: when all of the
    /// first reports are there once, this is `complete` of their number.
    func written() throws -> String {
        try database.answer(
            """
            SELECT count(*), count(DISTINCT (runtime_id, metric_name, metric_value)), count(DISTINCT metric_id),
                min(metric_value), max(metric_value) FROM noetl.metrics
            """
        )
    }

    static func complete(_ count: Int) -> String {
        "\(2 * count)|\(2 * count)|\(2 * count)|\(1 - count)|\(count - 1)"
    }
}

extension FollowerStatus {
    func hasWritten(_ sequence: Int64) -> Bool { cursor == sequence }
}
