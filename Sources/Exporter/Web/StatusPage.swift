import AsyncHTTP

/// The page at `/`.
struct StatusPage: Sendable {
    let configuration: Configuration
    let status: ExporterStatus
    let history: History

    func response() throws -> PreparedResponse {
        try PreparedResponse(.text("agent-exporter \(BuildInfo.version)"))
    }
}
