package import AsyncHTTP
import JSON

/// Liveness and readiness, as JSON and as plain text, under the names that orchestrators and Prometheus servers use.
package struct HealthRoutes: Sendable {
    package static let paths = ["/healthz", "/readyz", "/-/healthy", "/-/ready"]

    private let name: String
    private let stuck: String
    private let report: @Sendable () -> HealthReport

    /// - Parameters:
    ///   - name: the program's.
    ///   - stuck: what is said of a program that is not alive.
    package init(of name: String, stuck: String, report: @escaping @Sendable () -> HealthReport) {
        self.name = name
        self.stuck = stuck
        self.report = report
    }

    package var pages: [Page] {
        [
            Page("/healthz") { _ in try json(\.isAlive) }, Page("/readyz") { _ in try json(\.isReady) },
            Page("/-/healthy") { _ in try .plain(report().isAlive, "\(name) is healthy", stuck) },
            Page("/-/ready") { _ in try .plain(report().isReady, "\(name) is ready", "\(name) is not ready") },
        ]
    }

    private func json(_ isGood: (HealthReport) -> Bool) throws -> PreparedResponse {
        let report = report()
        let status: HTTPStatus = isGood(report) ? .ok : .serviceUnavailable
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        return try PreparedResponse(Response(status: status, fields: fields, body: Array("\(report.json.text)\n".utf8)))
    }
}

extension PreparedResponse {
    /// One line: 200 and the good word, or 503 and the bad one.
    package static func plain(_ isGood: Bool, _ good: String, _ bad: String) throws -> PreparedResponse {
        try PreparedResponse(.text(isGood ? good : bad, status: isGood ? .ok : .serviceUnavailable))
    }
}
