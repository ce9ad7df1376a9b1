import Access
import AsyncHTTP
import JSON
import Service

/// `POST /api/metrics/report`.
struct ReportEndpoint: Sendable {
    private let intake: Intake
    let limits: ReportLimits
    private let budget: BodyBudget

    init(intake: Intake, limits: ReportLimits) {
        self.intake = intake
        self.limits = limits
        budget = BodyBudget(limits.bodies)
    }

    func answer(_ request: Request) async throws -> PreparedResponse {
        if let coding = request.fields["Content-Encoding"], coding.lowercased() != "identity" {
            return try APIAnswer.error(
                .unsupportedMediaType,
                "a report is not encoded; this one is, by Content-Encoding"
            )
        }
        let body = try await request.body.collect(upTo: limits.body, within: budget)
        let outcome = await intake.take(body, from: request.knownCaller, arrived: WallClock.milliseconds)
        switch outcome {
        case .kept(let kept): return try Self.answer(kept)
        case .refused(let refused): return try Self.answer(refused)
        }
    }

    static func answer(_ kept: ReportOutcome.Kept) throws -> PreparedResponse {
        try APIAnswer.json { writer in
            writer.name("status")
            writer.string("ok")
            writer.name("runtime_id")
            writer.integer(kept.runtimeID)
            writer.name("metrics_inserted")
            writer.integer(kept.samples)
            if kept.isDuplicate {
                writer.name("duplicate")
                writer.boolean(true)
            }
            write(kept.rejections, to: &writer)
        }
    }

    static func answer(_ refused: ReportOutcome.Refused) throws -> PreparedResponse {
        try APIAnswer.error(refused.result.status, refused.message, retryAfter: refused.retryAfter) { writer in
            if let component = refused.component {
                writer.name("runtime_id")
                writer.integer(component.runtimeID)
            }
            writer.name("metrics_inserted")
            writer.integer(0)
            write(refused.rejections, to: &writer)
        }
    }

    private static func write(_ rejections: [Rejection], to writer: inout JSONWriter) {
        writer.name("rejected")
        writer.array { writer in
            for rejection in rejections {
                writer.object { writer in
                    writer.name("index")
                    writer.integer(rejection.index)
                    writer.name("metric_name")
                    writer.string(rejection.metricName)
                    writer.name("reason")
                    writer.string(rejection.reason.description)
                }
            }
        }
    }
}

extension ReportResult {
    /// What a refusal is answered with.
    var status: HTTPStatus {
        switch self {
        case .accepted, .duplicate: .ok
        case .rejected: .unprocessableContent
        case .malformed: .badRequest
        case .tooLarge: .contentTooLarge
        case .tooFast: .tooManyRequests
        case .unregistered: .notFound
        case .forbidden: .forbidden
        case .unavailable: .serviceUnavailable
        }
    }
}
