import Access
import AsyncHTTP
import Hosting
import TelemetryServer

/// Every path of the hub. A new one is a line of `documented`, which reference and flags read, and a row below.
enum HubEndpoints {
    /// What there is beside the telemetry path, and what the reference says of it.
    static let documented: [(path: String, answer: String)] = [
        (HubPath.report, "POST a report: 200 when it is kept"),
        (HubPath.query, "samples from the store, the newest first"),
        (HubPath.selfReport, "POST: the hub reports its own system metrics now"),
        (HubPath.export, "as the telemetry path; with `component_name` or `runtime_id` those components alone"),
        (HubPath.components, "who reports, how old, how many series; POST registers"),
        (HubPath.pool(.register), "POST, as workers of the predecessor do"),
        (HubPath.pool(.heartbeat), "POST: a sign of life"), (HubPath.pool(.deregister), "POST or DELETE"),
        (HubPath.description, "this API, for programs"),
        ("/healthz", "200 while the event loops run; JSON"),
        ("/readyz", "503 until the log has been read after a start, and while the program ends; the same JSON"),
        ("/-/healthy", "as `/healthz`, in plain text"), ("/-/ready", "as `/readyz`, in plain text"),
        (HubPath.page, "a page for people: who reports, how old, what was refused"),
        (HubPath.status, "the same facts as JSON"),
    ]

    /// Where the page leads to.
    static let linked = [
        HubPath.components, HubPath.query, HubPath.description, HubPath.status, "/healthz", "/readyz",
    ]

    static var paths: [String] { documented.map(\.path) }

    /// What answers by changing something.
    static func actions(_ report: ReportEndpoint, _ own: SelfReportEndpoint, _ pool: RegistrationEndpoint) -> [Action] {
        [
            action(HubPath.report, body: report.limits.body) { try await report.answer($0) },
            action(HubPath.selfReport) { try await own.answer($0) },
            action(HubPath.components, body: ComponentBody.limit) { try await pool.answer(.register, type: nil, $0) },
            action(HubPath.pool(.register), body: ComponentBody.limit) {
                try await pool.answer(.register, type: Component.workerType, $0)
            },
            action(HubPath.pool(.heartbeat), body: ComponentBody.limit) {
                try await pool.answer(.heartbeat, type: Component.workerType, $0)
            },
            action(HubPath.pool(.deregister), methods: [.post, .delete], body: ComponentBody.limit) {
                try await pool.answer(.deregister, type: Component.workerType, $0)
            },
        ]
    }

    private static func action(
        _ path: String,
        methods: [HTTPMethod] = [.post],
        body: ByteCount? = nil,
        _ answer: @escaping @Sendable (Request) async throws -> PreparedResponse
    ) -> Action {
        Action(
            path,
            methods: methods,
            body: body,
            handler: CrossSite.refusing { request, responder in
                try await responder.send(try await answer(request))
            }
        )
    }
}
