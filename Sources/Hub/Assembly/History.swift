import AsyncHTTP
import JSON
import Postgres
import Service
import Synchronization
import Telemetry

/// The history in PostgreSQL: who writes it, and what is told of it.
final class History: Sendable {
    typealias Follower = PostgresFollower<ContinuousClock>

    private let follower: Follower
    private let place: String
    private let news: Mutex<FollowerNews>

    /// Blocks, so it is called off the loops. The database is not waited for.
    /// - Returns: nil where reports are kept in the log alone.
    init?(_ configuration: HistoryConfiguration, of log: Log?, _ logger: Logger) throws(LogError) {
        guard let configuration = configuration.follower, let log else { return nil }
        follower = try Follower(
            configuration,
            of: log,
            clock: ContinuousClock(),
            wallClock: { WallClock.milliseconds }
        )
        place = configuration.database.description
        news = Mutex(FollowerNews(logger))
    }

    var status: FollowedHistory {
        FollowedHistory(name: Follower.name, database: place, follower: follower.status)
    }

    /// For `/healthz`, where it decides nothing: the log keeps what is not written.
    var health: [JSONValue.Member] {
        let status = follower.status
        return [
            JSONValue.Member(
                Follower.name,
                [
                    "connected": .boolean(status.isConnected),
                    "lag_seconds": .number(status.lag(at: WallClock.milliseconds).wholeMilliseconds),
                ]
            )
        ]
    }

    func register(in registry: Registry) throws(MetricsError) {
        try registry.register(
            FollowerCollector(of: Follower.name, prefix: HubMetrics.prefix) { [follower] in follower.status }
        )
    }

    /// Goes on until the task is cancelled.
    func run() async { await follower.run() }

    /// Tells in the log what has changed since the last call.
    func tell(at now: MonotonicInstant) {
        news.withLock { $0.tell(follower.status, of: place, at: now, moment: WallClock.milliseconds) }
    }

    /// To be called off the loops, when `run` has returned.
    func close() { follower.close() }
}
