import Access
import AsyncHTTP
import JSON

/// `POST /api/metrics/self-report`.
struct SelfReportEndpoint: Sendable {
    let reporter: SelfReporter
    let limits: ReportLimits

    func answer(_ request: Request) async throws -> PreparedResponse {
        let name = request.query.given("component_name")
        if let name, name.utf8.count > limits.name.bytes || name.utf8.contains(0) {
            return try APIAnswer.error(
                .badRequest,
                "component_name is longer than \(limits.name.bytes) bytes, or has U+0000"
            )
        }
        let spoken = name ?? reporter.component.name
        if let caller = request.knownCaller, !caller.mayUse(spoken) {
            return try APIAnswer.error(.forbidden, "\(caller.name) may not report for this component")
        }
        switch await reporter.report(as: name) {
        case .refused(let refused): return try ReportEndpoint.answer(refused)
        case .kept(let kept):
            return try APIAnswer.json { writer in
                writer.name("status")
                writer.string("ok")
                writer.name("component_name")
                writer.string(kept.component.name)
                writer.name("runtime_id")
                writer.integer(kept.runtimeID)
                writer.name("metrics_reported")
                writer.integer(kept.samples)
            }
        }
    }
}
