public import AsyncHTTP
import Cache
public import Telemetry

/// Tells a hub what a program counts, and never makes the program wait for it.
///
/// A source is read at an interval, and each reading becomes a report; events are reported whenever they happen. What cannot be
/// sent is kept, within limits, and sent again with the same `report_id`, so that the hub has it once.
public final class ReportClient: Sendable {
    /// What became of events.
    public enum Admission: Sendable, Hashable {
        /// They wait, and go only when the hub has taken them or will never take them.
        case kept
        /// There is no room, and none of them is kept.
        case dropped
    }

    private let loop: EventLoop
    private let queue: ReportQueue
    private let wallClock: @Sendable () -> Duration
    private let sender: any Sending

    /// - Parameters:
    ///   - hub: reaches the hub's host; whoever gives it closes it. Several clients may share one.
    ///   - target: what stands in the request line: `HubURL.target("/api/metrics/report")`.
    ///   - source: what the program says of itself, read on the loop at each interval.
    ///   - fields: fields that make it known, such as `Authorization`; asked for before each request.
    ///   - failed: told on the loop of everything that was not taken.
    public convenience init(
        _ configuration: ReportConfiguration,
        through hub: HTTPClient,
        target: String = "/api/metrics/report",
        on loop: EventLoop,
        source: (@Sendable () -> [MetricFamily])? = nil,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() },
        failed: @escaping @Sendable (ReportFailure) -> Void = { _ in }
    ) {
        let connection = HubConnection(client: hub, target: target, fields: fields)
        self.init(
            configuration,
            on: loop,
            clock: loop.clock,
            source: source,
            failed: failed,
            deliver: { body throws(ReportFailure) in try await connection.deliver(body) }
        )
    }

    /// - Parameters:
    ///   - wallClock: the time since 1970, which samples are given.
    ///   - deliver: sends the body of a report.
    init<Time: Clock>(
        _ configuration: ReportConfiguration,
        on loop: EventLoop,
        clock: Time,
        wallClock: @escaping @Sendable () -> Duration = { .nanoseconds(wallClockNanoseconds()) },
        generator: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        source: (@Sendable () -> [MetricFamily])? = nil,
        failed: @escaping @Sendable (ReportFailure) -> Void = { _ in },
        deliver: @escaping @Sendable ([UInt8]) async throws(ReportFailure) -> ReportAnswer
    ) where Time.Instant == MonotonicInstant, Time.Duration == Duration {
        self.loop = loop
        self.wallClock = wallClock
        queue = ReportQueue(configuration.limits)
        let delivery = ReportDelivery(
            queue,
            clock: clock,
            wallClock: wallClock,
            longestRetryAfter: configuration.limits.longestRetryAfter,
            failed: failed,
            deliver: deliver
        )
        sender = ReportSender(
            configuration,
            delivery,
            source: source,
            identifiers: ReportIdentifiers(generator),
            on: loop
        )
    }

    /// Reports events, from any thread. Returns at once: they are sent with others, at the next interval at the latest.
    @discardableResult
    public func report(_ samples: [ReportedSample]) -> Admission {
        queue.add(samples, at: wallClock()) ? .kept : .dropped
    }

    /// Reads and sends until the task is cancelled. What waits then stays, for `flush` or another `run`.
    public func run() async {
        await withTaskExecutorPreference(loop.taskExecutor) { await sender.run() }
    }

    /// Reads once more and sends what waits, for at most so long, whether `run` goes on or has ended.
    ///
    /// - Returns: whether nothing waits any more.
    @discardableResult
    public func flush(within time: Duration) async -> Bool {
        await withTaskExecutorPreference(loop.taskExecutor) { await sender.flush(within: time) }
    }

    /// What has been sent, and what waits.
    public var statistics: ReportStatistics { queue.statistics }
}

/// A sender, whatever its clock.
private protocol Sending: Sendable {
    func run() async
    func flush(within time: Duration) async -> Bool
}

extension ReportSender: Sending {}
