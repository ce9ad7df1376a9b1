import Access
import AsyncHTTP

@testable import Hub

/// A store that does what a test wants.
final class WilfulStore: Store {
    let outcome: Result<Appended, LogError>

    init(_ outcome: Result<Appended, LogError>) {
        self.outcome = outcome
    }

    convenience init(refusing kind: LogError.Kind) {
        self.init(.failure(LogError(kind, "/secret/place.db")))
    }

    let name = "wilful"
    let backlog = 0
    let size = ByteCount.bytes(0)
    let isFull = false

    func append(_ report: Report) async throws(LogError) -> Appended { try outcome.get() }

    func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value {
        _ = try outcome.get()
        return make(LogPage(rows: [], next: nil))
    }

    func register(_ component: Component, at moment: Int64) async throws(LogError) { _ = try outcome.get() }
    func deregister(_ component: Component) async throws(LogError) { _ = try outcome.get() }
    func registered() throws(LogError) -> [Component] { [] }
    func unexpired(at moment: Int64, ttl: Duration, after sequence: Int64) throws(LogError) -> [LoggedReport] { [] }
    func tidy(at moment: Int64) async throws(LogError) { _ = try outcome.get() }
    func endOverdue(at now: MonotonicInstant) {}
    func close() {}
}

/// What takes reports, with a look at what it holds and counts.
struct Takings {
    let metrics: HubMetrics
    let latest: Latest
    let intake: Intake

    init(
        _ store: any Store = MemoryStore(),
        rules: IntakeConfiguration = IntakeConfiguration()
    ) throws {
        metrics = try HubMetrics()
        latest = Latest(limits: rules.latestLimits)
        intake = Intake(
            latest,
            store,
            Registration(isStrict: rules.isStrict, limit: rules.components),
            rates: ReportRates(rules.rate, limit: rules.components),
            metrics: metrics
        )
    }

    /// - Returns: what became of it, by its name where it is counted.
    func take(_ body: String, after seconds: Int = 0) async -> ReportResult {
        let now = MonotonicInstant(nanoseconds: 0).advanced(by: .seconds(seconds))
        switch await intake.take(Array(body.utf8), from: nil, arrived: arrival, at: now) {
        case .kept(let kept): return kept.isDuplicate ? .duplicate : .accepted
        case .refused(let refused): return refused.result
        }
    }
}
