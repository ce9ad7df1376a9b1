/// Where the hub is asked.
enum HubPath {
    static let report = "/api/metrics/report"
    static let query = "/api/metrics/query"
    static let selfReport = "/api/metrics/self-report"
    static let export = "/api/metrics/prometheus"
    static let components = "/api/metrics/components"
    static let description = "/api/openapi.json"
    static let page = "/"
    static let status = "/status.json"

    static func pool(_ step: RegistrationEndpoint.Step) -> String { "/api/worker/pool/\(step.rawValue)" }
}
