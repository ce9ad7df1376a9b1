import AsyncHTTP
import Service
import Synchronization
import Webhooks

/// Sends what is planned. A connection has one webhook under way, and takes the next when that is over; none is sent twice.
final class WebhookSender: Sendable {
    private struct State {
        var next = 0
        var isStopped = false
        var tally = WebhookTally()
    }

    /// How often who waits for a webhook's time looks whether there is to be an end.
    private static let look = Duration.milliseconds(50)
    /// Before a connection that could not be opened is tried again.
    private static let pause = Duration.milliseconds(100)
    private static let progressInterval = Duration.seconds(1)

    private let plan: WebhookPlan
    private let target: String
    private let loop: EventLoop
    private let clients: [HTTPClient]
    private let fields: @Sendable () async throws -> HeaderFields
    private let failed: @Sendable (any Error) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - security: encrypts, for a receiver that is reached by https.
    ///   - fields: fields that make us known to whoever stands before the receiver.
    ///   - failed: told on the loop of every webhook that had no answer.
    init(
        _ plan: WebhookPlan,
        to url: ClientURL,
        on loop: EventLoop,
        security: StreamSecurity? = nil,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() },
        failed: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        let simulation = plan.simulation
        var limits = ClientLimits()
        limits.connectTimeout = simulation.timeout
        limits.firstByteTimeout = simulation.timeout
        limits.totalTimeout = simulation.timeout
        clients = (0..<max(1, min(simulation.connections, simulation.planned ?? .max))).map { [limits] _ in
            HTTPClient(url.endpoint, on: loop, limits: limits, security: security)
        }
        target = url.target
        (self.plan, self.loop, self.fields, self.failed) = (plan, loop, fields, failed)
    }

    /// What has come of them so far.
    var tally: WebhookTally { state.withLock { $0.tally } }

    /// Sends until all have been sent, the time is over, or it is stopped.
    func run() async {
        let start = MonotonicInstant.now
        await withDiscardingTaskGroup { group in
            for client in clients {
                group.addTask(executorPreference: loop.taskExecutor) { await self.send(through: client, since: start) }
            }
        }
        for client in clients { await client.close() }
    }

    /// Sends no more; those under way are waited for.
    func stop() {
        state.withLock { $0.isStopped = true }
    }

    /// Waits no more either.
    func abort() async {
        stop()
        for client in clients { await client.close() }
    }

    /// Says once a second how it goes, until the task is cancelled.
    func tell(_ logger: Logger) async {
        var last = 0
        while (try? await loop.clock.sleep(for: Self.progressInterval)) != nil {
            let tally = tally
            logger.info(
                "webhooks",
                ("sent", LogValue(tally.sent)),
                ("in_this_second", LogValue(tally.sent - last)),
                ("unexpected", LogValue(tally.unexpected))
            )
            last = tally.sent
        }
    }

    // MARK: One connection

    private func send(through client: HTTPClient, since start: MonotonicInstant) async {
        let end = plan.simulation.duration.map { start.advanced(by: $0) } ?? .distantFuture
        while let number = take() {
            guard await isDue(start.advanced(by: plan.due(ofNumber: number)), before: end) else { return }
            await send(number, through: client)
        }
    }

    /// The number of the next one; nil when there are enough.
    private func take() -> Int? {
        state.withLock { state in
            guard !state.isStopped, state.next < plan.simulation.planned ?? .max else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Waits until something is due; false when the end has come first.
    private func isDue(_ due: MonotonicInstant, before end: MonotonicInstant) async -> Bool {
        while true {
            let now = MonotonicInstant.now
            if now >= end || state.withLock({ $0.isStopped }) { return false }
            if now >= due { return true }
            let wait = min(Self.look, now.duration(to: min(due, end)))
            guard (try? await loop.clock.sleep(for: wait)) != nil else { return false }
        }
    }

    private func send(_ number: Int, through client: HTTPClient) async {
        var fields: HeaderFields
        do {
            fields = try await self.fields()
            try fields.append("Content-Type", "application/json")
            // Apart from the exchange, so that what was never sent is known to be so.
            try await client.connect()
        } catch {
            failed(error)
            record(.unsent, of: plan.intent(ofNumber: number))
            try? await loop.clock.sleep(for: Self.pause)
            return
        }
        let webhook = plan.webhook(number, at: WallClock.sinceEpoch)
        let began = MonotonicInstant.now
        let outcome: WebhookOutcome
        do {
            try fields.append(WebhookSignature.fieldName, webhook.signature)
            let response = try await client.send(.post, target, fields: fields, body: webhook.body)
            outcome = .answered(status: response.status)
        } catch {
            failed(error)
            // The connection was closed meanwhile, and there was no other.
            outcome = [.connect, .resolve].contains((error as? ClientError)?.kind) ? .unsent : .unanswered
        }
        record(outcome, of: webhook.intent, bytes: webhook.body.count, nanoseconds: began.nanoseconds(to: .now))
    }

    private func record(_ outcome: WebhookOutcome, of intent: WebhookIntent, bytes: Int = 0, nanoseconds: Int64 = 0) {
        state.withLock { $0.tally.record(outcome, of: intent, bytes: bytes, nanoseconds: nanoseconds) }
    }
}
