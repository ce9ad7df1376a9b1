package import AsyncHTTP
import JSON

/// Liveness and readiness, as JSON and as plain text, under the names that orchestrators and Prometheus servers use.
package struct HealthRoutes: Sendable {
    private enum Path: String, CaseIterable {
        case alive = "/healthz"
        case ready = "/readyz"
        case plainlyAlive = "/-/healthy"
        case plainlyReady = "/-/ready"
    }

    package static let paths = Path.allCases.map(\.rawValue)

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

    package var endpoints: [Endpoint] {
        Path.allCases.map { path in Endpoint(path.rawValue) { _ in try answer(path) } }
    }

    /// What those are told who are not to know more: the status of one of the paths, and nothing else.
    package func briefly(_ path: String) -> PreparedResponse {
        let report = report()
        let isGood = path == Path.alive.rawValue || path == Path.plainlyAlive.rawValue ? report.isAlive : report.isReady
        return isGood ? Self.good : Self.bad
    }

    private static let good = brief("ok", .ok)
    private static let bad = brief("unavailable", .serviceUnavailable)

    /// Its text is one of two above, and its fields are the server's own: none of them can be wrong.
    private static func brief(_ word: String, _ status: HTTPStatus) -> PreparedResponse {
        guard let response = try? PreparedResponse(.text(word, status: status)) else {
            preconditionFailure("a line of text has no field that could be wrong")
        }
        return response
    }

    private func answer(_ path: Path) throws -> PreparedResponse {
        switch path {
        case .alive: try json(\.isAlive)
        case .ready: try json(\.isReady)
        case .plainlyAlive: try .plain(report().isAlive, "\(name) is healthy", stuck)
        case .plainlyReady: try .plain(report().isReady, "\(name) is ready", "\(name) is not ready")
        }
    }

    private func json(_ isGood: (HealthReport) -> Bool) throws -> PreparedResponse {
        let report = report()
        let status: HTTPStatus = isGood(report) ? .ok : .serviceUnavailable
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        return try PreparedResponse(
            Response(status: status, fields: fields, body: report.json.bytes + Array("\n".utf8))
        )
    }
}

extension PreparedResponse {
    /// One line: 200 and the good word, or 503 and the bad one.
    package static func plain(_ isGood: Bool, _ good: String, _ bad: String) throws -> PreparedResponse {
        try PreparedResponse(.text(isGood ? good : bad, status: isGood ? .ok : .serviceUnavailable))
    }
}
