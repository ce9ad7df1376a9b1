import AsyncHTTP
import TelemetryServer

/// Every path of the sidecar. A new one is a line of `documented`, which reference and flags read, and an endpoint in `make`.
enum SidecarEndpoints {
    /// What there is beside the telemetry path, and what the reference says of it.
    static let documented: [(path: String, answer: String)] = [
        ("/healthz", "200 while the event loops run, whatever the agent does; JSON"),
        ("/readyz", "503 until the first poll has finished and while the program drains, otherwise 200; the same JSON"),
        ("/-/healthy", "as `/healthz`, in plain text"), ("/-/ready", "as `/readyz`, in plain text"),
        (
            "/health",
            "`OK`; 503 `Too many fetch failures` after more than \(AgentHealth.toleratedFailures) failures in a row; 503"
                + " `Shutting down`"
        ),
        ("/", "a page for people: what is wrong and since when, values, the last hour and the last events"),
        ("/status.json", "the same facts as JSON"),
    ]

    static var paths: [String] { documented.map(\.path) }

    static func make(
        _ telemetryPath: String,
        publisher: MomentPublisher,
        page: SharedAnswer<PageMoment>,
        status: SharedAnswer<PageMoment>,
        health: AgentHealth,
        actions: [Action] = [],
        metrics: RequestMetrics
    ) throws -> Endpoints {
        try Endpoints(
            telemetryPath,
            source: publisher,
            endpoints: health.routes.endpoints + [
                health.older, Endpoint("/") { _ in try await page.answer() },
                Endpoint("/status.json") { _ in try await status.answer() },
            ],
            actions: actions,
            metrics: metrics
        )
    }
}
