import AsyncHTTP
import JSON
import Postgres
import Service
import Synchronization
import Telemetry

/// The history in PostgreSQL: who writes it, who answers from it, who reads what other hubs wrote, and what is told of them.
final class History: Sendable {
    typealias Follower = PostgresFollower<ContinuousClock>

    private struct News {
        var follower: FollowerNews
        var sharing = RepeatedFailure()
    }

    /// Answers from it.
    let queries: HistoryQueries
    private let follower: Follower
    /// Nil where every hub exports its own reports alone.
    private let sharing: Sharing<ContinuousClock>?
    private let place: String
    private let logger: Logger
    private let news: Mutex<News>

    /// Blocks, so it is called off the loops. The database is not waited for.
    /// - Parameters:
    ///   - own: what this hub is among components.
    ///   - ttl: of other hubs' reports.
    /// - Returns: nil where reports are kept in the log alone.
    init?(
        _ configuration: HistoryConfiguration,
        of store: any Store,
        into latest: Latest,
        own: Component,
        ttl: Duration,
        _ logger: Logger
    ) throws(LogError) {
        guard let following = configuration.follower, let log = store.log else { return nil }
        let (clock, wallClock) = (ContinuousClock(), { @Sendable in WallClock.milliseconds })
        let failures = FailureLog("queries are answered from the log", logger)
        queries = try HistoryQueries(
            HistoryQueriesConfiguration(following.database),
            of: log,
            beside: store,
            clock: clock,
            wallClock: wallClock,
            failed: { error in
                // Of what is wrong with the database's address and tables the follower tells.
                if (error as? PostgresError)?.kind != .configuration { failures.failed(error) }
            }
        )
        follower = try Follower(following, of: log, clock: clock, wallClock: wallClock)
        sharing =
            configuration.isShared
            ? Sharing(
                SharingConfiguration(following.database, ttl: ttl),
                into: latest,
                besides: log.identity,
                own: own,
                clock: clock,
                wallClock: wallClock
            ) : nil
        place = following.database.description
        self.logger = logger
        news = Mutex(News(follower: FollowerNews(logger)))
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
        if let sharing {
            try registry.register(SharingCollector(prefix: HubMetrics.prefix) { sharing.status })
        }
    }

    /// Goes on until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { [follower, queries, sharing] tasks in
            tasks.addTask { await follower.run() }
            tasks.addTask { await queries.run() }
            if let sharing { tasks.addTask { await sharing.run() } }
        }
    }

    /// Tells in the log what has changed since the last call.
    func tell(at now: MonotonicInstant) {
        news.withLock { news in
            news.follower.tell(follower.status, of: place, at: now, moment: WallClock.milliseconds)
            guard let sharing else { return }
            if let failure = sharing.status.failure {
                guard news.sharing.failed(failure, at: now) != nil else { return }
                logger.error("other hubs' reports are not read", ("error", LogValue(failure)))
            } else if news.sharing.succeeded() {
                logger.info("other hubs' reports are read again")
            }
        }
    }

    /// To be called off the loops, when `run` has returned.
    func close() {
        queries.close()
        follower.close()
        sharing?.close()
    }
}
