import AsyncHTTP
import Telemetry

/// Every path of the exporter, and the account of what was asked.
final class Endpoints: Sendable {
    /// Where the rest is, whatever the telemetry path.
    static let paths = ["/", "/healthz", "/readyz", "/-/healthy", "/-/ready", "/health"]

    private let router: Router
    private let publisher: MetricsPublisher
    private let negotiation = NegotiationTable()
    private let telemetryPath: [UInt8]
    private let scrapes: RouteAccount
    private let routes: [RouteAccount]
    private let others: RouteAccount

    init(
        _ configuration: Configuration,
        publisher: MetricsPublisher,
        status: ExporterStatus,
        page: StatusPage
    ) throws {
        self.publisher = publisher
        let telemetryPath = configuration.web.telemetryPath
        self.telemetryPath = Array(telemetryPath.utf8)
        let negotiation = negotiation
        @Sendable func report() -> HealthReport { HealthReport(status, configuration) }
        let answers: [(path: String, answer: @Sendable (Request) throws -> PreparedResponse)] = [
            ("/", { _ in try page.response() }),
            ("/healthz", { _ in try .json(report(), \.isAlive) }),
            ("/readyz", { _ in try .json(report(), \.isReady) }),
            (
                "/-/healthy",
                { _ in try .health(report().isAlive, "agent-exporter is healthy", "the polling loop is stuck") }
            ),
            (
                "/-/ready",
                { _ in try .health(report().isReady, "agent-exporter is ready", "agent-exporter is not ready") }
            ),
            ("/health", { _ in try .olderHealth(report()) }),
            (telemetryPath, { publisher.answer(negotiation.representation(for: $0.fields)) }),
        ]
        var router = Router()
        for (path, answer) in answers {
            router.on(.get, path) { request, responder in try await responder.send(answer(request)) }
        }
        self.router = router
        let metrics = publisher.metrics
        routes = try Set(answers.map(\.path)).sorted().map { try RouteAccount($0, metrics) }
        scrapes = try RouteAccount(telemetryPath, metrics)
        others = try RouteAccount("other", metrics)
    }

    func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        let started = MonotonicInstant.now
        if let scrape = scrape(request) {
            let answer = try await responder.send(scrape)
            scrapes.count(answer.status.code, since: started)
            return answer
        }
        if request.head.framing == .chunked { try await skipBody(of: request) }
        let answer = try await router.handle(request, responder)
        account(of: request.target).count(answer.status.code, since: started)
        return answer
    }

    /// The answer to what nearly every request is, found without a detour.
    @inline(never)
    private func scrape(_ request: Request) -> PreparedResponse? {
        guard request.method == .get, request.target.pathEquals(telemetryPath) else { return nil }
        return publisher.answer(negotiation.representation(for: request.fields))
    }

    /// No path takes a body. One whose chunks are malformed makes a malformed request all the same, wherever it is sent, so
    /// it is looked at first; one that is long, or waits to be asked for, is not.
    private func skipBody(of request: Request) async throws {
        guard !request.head.expectsContinue else { return }
        var received = 0
        while received < Self.skippedBody.bytes, let piece = try await request.body.next() { received += piece.count }
    }

    private static let skippedBody = ByteCount.kibibytes(64)

    private func account(of target: RequestTarget) -> RouteAccount {
        for route in routes where target.pathEquals(route.path) { return route }
        return others
    }
}

/// The requests of one path.
final class RouteAccount: Sendable {
    let path: [UInt8]
    private let label: String
    private let metrics: ExporterMetrics
    private let successes: Counter

    init(_ label: String, _ metrics: ExporterMetrics) throws {
        self.label = label
        self.metrics = metrics
        path = Array(label.utf8)
        successes = label == "other" ? Counter() : try metrics.requests.with(label, "200")
    }

    @inline(never)
    func count(_ code: Int, since started: MonotonicInstant) {
        if code == 200 {
            successes.increment()
        } else {
            try? metrics.requests.with(label, String(code)).increment()
        }
        metrics.requestDuration.observe(started.duration(to: .now))
    }
}

extension PreparedResponse {
    fileprivate static func json(
        _ report: HealthReport,
        _ isGood: (HealthReport) -> Bool
    ) throws -> PreparedResponse {
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        let status: HTTPStatus = isGood(report) ? .ok : .serviceUnavailable
        return try PreparedResponse(Response(status: status, fields: fields, body: Array("\(report.json)\n".utf8)))
    }

    fileprivate static func health(_ isGood: Bool, _ good: String, _ bad: String) throws -> PreparedResponse {
        try PreparedResponse(.text(isGood ? good : bad, status: isGood ? .ok : .serviceUnavailable))
    }

    /// What the older sidecar answered on `/health`.
    fileprivate static func olderHealth(_ report: HealthReport) throws -> PreparedResponse {
        if report.isDraining { return try PreparedResponse(.text("Shutting down", status: .serviceUnavailable)) }
        let hasFailed = report.consecutiveFailures > HealthReport.toleratedFailures
        return try health(!hasFailed, "OK", "Too many fetch failures")
    }
}
