import Access
import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// Who is registered: `POST /api/metrics/components`, and what workers of the predecessor call,
/// `POST /api/worker/pool/register|heartbeat|deregister`.
struct RegistrationEndpoint: Sendable {
    let intake: Intake
    let registrar: Registrar

    enum Step: String, Sendable {
        case register, heartbeat, deregister
    }

    func answer(_ step: Step, type: String?, _ request: Request) async throws -> PreparedResponse {
        let bytes = try await request.body.collect(upTo: ComponentBody.limit)
        let component: Component
        do throws(ComponentProblem) {
            component = try ComponentBody(bytes, type: type).component
        } catch {
            return try APIAnswer.error(.badRequest, error.description)
        }
        if let caller = request.knownCaller, !caller.mayUse(component.name) {
            return try APIAnswer.error(.forbidden, "\(caller.name) may not speak for this component")
        }
        do {
            return try await perform(step, component)
        } catch let error as LogError {
            return try APIAnswer.error(.serviceUnavailable, "not kept: \(error.advice)", retryAfter: .seconds(5))
        }
    }

    private func perform(_ step: Step, _ component: Component) async throws -> PreparedResponse {
        switch step {
        case .register: return try await register(component)
        case .heartbeat: return try Self.answer(await beat(component), component)
        case .deregister:
            try await registrar.deregister(component)
            return try Self.answer(component)
        }
    }

    /// Whoever cannot be heard, because there is no room for it, is not registered either.
    private func register(_ component: Component) async throws -> PreparedResponse {
        let report = Report(component: component, metrics: [], arrived: WallClock.milliseconds)
        let outcome = await intake.take(own: report)
        if case .kept = outcome {
            guard try await registrar.register(component, at: WallClock.milliseconds) else {
                return try APIAnswer.error(
                    .serviceUnavailable,
                    "as many components are registered as may be",
                    retryAfter: .seconds(60)
                )
            }
        }
        return try Self.answer(outcome, component)
    }

    /// A report without samples is a sign of life.
    private func beat(_ component: Component) async -> ReportOutcome {
        let report = Report(component: component, metrics: [], arrived: WallClock.milliseconds)
        return await intake.take(DecodedReport(report))
    }

    private static func answer(_ outcome: ReportOutcome, _ component: Component) throws -> PreparedResponse {
        switch outcome {
        case .kept: try answer(component)
        case .refused(let refused): try ReportEndpoint.answer(refused)
        }
    }

    /// With the names that workers of the predecessor read.
    private static func answer(_ component: Component) throws -> PreparedResponse {
        try APIAnswer.json { writer in
            writer.name("status")
            writer.string("ok")
            writer.name("name")
            writer.string(component.name)
            writer.name("runtime_id")
            writer.integer(component.runtimeID)
            writer.component(component)
        }
    }
}
