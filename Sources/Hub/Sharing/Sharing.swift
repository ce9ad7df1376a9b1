import AsyncHTTP
package import Cache
package import Postgres
import Synchronization

/// How the reports of other hubs are shared.
package struct SharingConfiguration: Sendable {
    package var database: PostgresConfiguration
    /// Between two looks.
    package var interval = Duration.seconds(1)
    /// How long one look may take, whatever the server does.
    package var deadline = Duration.seconds(60)
    /// Between attempts while the database is down.
    package var backoff = Backoff()
    /// How long a report is exported.
    package var ttl: Duration
    package var limits = SharingLimits()

    package init(_ database: PostgresConfiguration, ttl: Duration) {
        self.database = database
        self.ttl = ttl
    }
}

/// What has come of sharing.
package struct SharingStatus: Sendable, Hashable {
    /// Samples of other hubs that were put among our own, since the start.
    package internal(set) var samples: Int64 = 0
    /// Whether all that was there has been read once.
    package internal(set) var hasBegun = false
    /// Why there are no more; nil when there are.
    package internal(set) var failure: String?
    /// Attempts that have failed, one after the other.
    package internal(set) var failures = 0

    package init() {}
}

/// Exports what others have reported to other hubs over the same database: whichever hub is scraped has everything.
package final class Sharing<Time: Clock>: Sendable where Time.Duration == Duration {
    private let configuration: SharingConfiguration
    private let latest: Latest
    private let own: Component
    private let log: String
    private let clock: Time
    private let wallClock: @Sendable () -> Int64
    private let work: BreakableWork<Time>
    private let reports = Mutex<SharedReports?>(nil)
    private let state = Mutex(SharingStatus())

    /// - Parameters:
    ///   - log: of this hub, by its identity.
    ///   - own: what this hub is among components: another may call itself the same, and is not shown as it.
    ///   - wallClock: milliseconds since 1970.
    package init(
        _ configuration: SharingConfiguration,
        into latest: Latest,
        besides log: String,
        own: Component,
        clock: Time,
        wallClock: @escaping @Sendable () -> Int64
    ) {
        self.configuration = configuration
        self.latest = latest
        self.log = log
        self.own = own
        self.clock = clock
        self.wallClock = wallClock
        work = BreakableWork(deadline: configuration.deadline, clock: clock)
    }

    package var status: SharingStatus { state.withLock { $0 } }

    /// Goes on until the task is cancelled.
    package func run() async {
        var generator = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            let (failures, hasMore) = await look()
            if hasMore { continue }
            let pause =
                failures == 0
                ? configuration.interval : configuration.backoff.wait(afterFailures: failures, using: &generator)
            try? await clock.sleep(for: pause)
        }
    }

    /// Ends the thread. To be called off the loops, when `run` has returned.
    package func close() {
        work.close()
        reports.withLock { $0 = nil }
    }

    /// - Returns: how many attempts have failed, up to now; and whether there is more to be read at once.
    private func look() async -> (failures: Int, hasMore: Bool) {
        do {
            let (samples, hasMore) = try await work.run { [self] in try read() }
            return state.withLock { state in
                state.samples &+= samples
                (state.failure, state.failures) = (nil, 0)
                if !hasMore { state.hasBegun = true }
                return (0, hasMore)
            }
        } catch {
            return state.withLock { state in
                (state.failure, state.failures) = ("\(error)", state.failures &+ 1)
                return (state.failures, false)
            }
        }
    }

    private func read() throws(PostgresError) -> (samples: Int64, hasMore: Bool) {
        try reports.withLock { reports throws(PostgresError) in
            do throws(PostgresError) {
                let known: SharedReports
                if let reports { known = reports } else { known = try connected() }
                reports = known
                var samples: Int64 = 0
                let ttl = configuration.ttl.clampedMilliseconds
                let hasMore = try known.read(at: wallClock(), ttl: ttl) { samples &+= put($0) }
                return (samples, hasMore)
            } catch {
                // Nobody knows what the connection has come to.
                work.interruption.hold(nil)
                reports = nil
                throw error
            }
        }
    }

    private func connected() throws(PostgresError) -> SharedReports {
        try SharedReports(configuration.database, besides: log, limits: configuration.limits) { [work] in
            work.interruption.hold($0)
        }
    }

    /// - Returns: how many samples have found a place. What has none here is exported by the hub that took it.
    private func put(_ report: Report) -> Int64 {
        guard report.component != own, let admitted = try? latest.admit(DecodedReport(report)) else { return 0 }
        latest.apply(admitted)
        return Int64(admitted.report.metrics.count)
    }
}
