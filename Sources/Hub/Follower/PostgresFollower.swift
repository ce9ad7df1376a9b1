import AsyncHTTP
import Cache
import Postgres
import Synchronization

/// Writes the log into PostgreSQL, each report once, and waits when it cannot: the log keeps what it has not read.
///
/// Everything that blocks is done on a thread of its own, so that neither a commit of the log nor a request ever waits for the
/// database.
package final class PostgresFollower<Time: Clock>: Sendable where Time.Duration == Duration {
    /// By which the log knows it.
    package static var name: String { "postgres" }

    private let configuration: FollowerConfiguration
    private let log: Log
    private let clock: Time
    private let work: BreakableWork<Time>
    private let steps: FollowerSteps
    private let state = Mutex(FollowerStatus())

    /// Blocks, so it is called off the loops.
    ///
    /// - Parameter wallClock: milliseconds since 1970.
    package convenience init(
        _ configuration: FollowerConfiguration,
        of log: Log,
        clock: Time,
        wallClock: @escaping @Sendable () -> Int64
    ) throws(LogError) {
        let reader = try log.reader()
        self.init(configuration, of: log, reader, clock: clock, wallClock: wallClock) { made throws(PostgresError) in
            try PostgresHistory(configuration, of: log, reader, made: made)
        }
    }

    init(
        _ configuration: FollowerConfiguration,
        of log: Log,
        _ reader: LogReader,
        clock: Time,
        wallClock: @escaping @Sendable () -> Int64,
        connect: @escaping FollowerSteps.Connect
    ) {
        self.configuration = configuration
        self.log = log
        self.clock = clock
        work = BreakableWork(deadline: configuration.deadline, clock: clock)
        steps = FollowerSteps(
            reader,
            limits: configuration.limits,
            wallClock: wallClock,
            connect: connect,
            work.interruption
        )
    }

    package var status: FollowerStatus { state.withLock { $0 } }

    /// Goes on until the task is cancelled. What is under way then is broken off; it is written after the next start.
    package func run() async {
        // From now on nothing is dropped that is not in the database.
        try? await log.advance(Self.name, to: 0)
        var generator = SystemRandomNumberGenerator()
        var told = clock.now
        while !Task.isCancelled {
            let step = await step()
            let failures = state.withLock { status in
                step.note(in: &status)
                return status.failures
            }
            // The log needs it to know what may be dropped, and each time is a commit: while there is more, now and then will do.
            if let cursor = step.cursor, !step.hasMore || told.duration(to: clock.now) >= configuration.interval {
                try? await log.advance(Self.name, to: cursor)
                told = clock.now
            }
            if failures > 0 {
                await wait(for: configuration.backoff.wait(afterFailures: failures, using: &generator))
            } else if !step.hasMore {
                try? await clock.sleep(for: configuration.interval)
            }
        }
    }

    /// Ends the thread. To be called off the loops, when `run` has returned.
    package func close() {
        work.close()
        steps.disconnect()
    }

    private func step() async -> FollowerStep {
        do {
            return try await work.run { [steps] in steps.next() }
        } catch {
            return FollowerStep(failure: "\(error)")
        }
    }

    /// Waits, and looks meanwhile how far behind it is.
    private func wait(for duration: Duration) async {
        let end = clock.now.advanced(by: duration)
        while !Task.isCancelled, case let left = clock.now.duration(to: end), left > .zero {
            try? await clock.sleep(for: min(left, configuration.interval))
            guard let look = try? await work.run({ [steps] in steps.look() }) else { continue }
            state.withLock { look.note(in: &$0) }
        }
    }
}
