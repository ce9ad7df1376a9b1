import AsyncHTTP
import JSON
import Synchronization

@testable import Hub

/// A hub that answers as one should, from memory; a test may spoil its answers.
final class AnsweringHub: Sendable {
    typealias Spoil = @Sendable (_ path: String, Response) -> Response

    private struct State {
        var reports: [Report] = []
        var rejections = 0
    }

    private let state = Mutex(State())
    private let spoil: Spoil

    init(_ spoil: @escaping Spoil = { $1 }) {
        self.spoil = spoil
    }

    var reports: [Report] { state.withLock(\.reports) }
    /// Samples that were not as they should be.
    var rejections: Int { state.withLock(\.rejections) }

    /// Serves on a port of the loopback beside the body, on its loop.
    func serve<Value: Sendable>(
        on loop: EventLoop,
        _ body: @escaping @Sendable (_ port: UInt16) async throws -> Value
    ) async throws -> Value {
        let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [loop]) { request, responder in
            let response = self.answer(request.method, request.target.path, try await request.body.collect())
            return try await responder.send(self.spoil(request.target.path, response))
        }
        return try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await server.run() }
            let value = try await body(server.port ?? 0)
            server.shutdown(gracefully: false)
            try await tasks.next()
            return value
        }
    }

    private func answer(_ method: HTTPMethod, _ path: String, _ body: [UInt8]) -> Response {
        switch (method, path) {
        case (.post, "/api/metrics/self-report"):
            .text(#"{"status":"ok","component_name":"noetl-server","runtime_id":1,"metrics_reported":6}"#)
        case (.post, "/api/metrics/report"): take(body)
        case (.get, "/api/metrics/query"): .text(state.withLock { Self.rows($0.reports) })
        case (.get, "/api/metrics/prometheus"): .text(state.withLock { Self.lines($0.reports) })
        default: .text("no such thing", status: .notFound)
        }
    }

    private func take(_ body: [UInt8]) -> Response {
        guard let decoded = try? ReportDecoder().decode(body, arrived: arrival) else {
            return .text("not a report", status: .badRequest)
        }
        state.withLock { state in
            state.reports.append(decoded.report)
            state.rejections += decoded.rejections.count
        }
        return .text(#"{"status":"ok","runtime_id":1,"metrics_inserted":1,"rejected":[]}"#)
    }

    private static func rows(_ reports: [Report]) -> String {
        let rows = reports.flatMap(\.metrics).map { metric in
            """
            {"metric_id":1,"runtime_id":2,"metric_name":"\(metric.name)","metric_type":"gauge",\
            "metric_value":\(metric.value),"labels":{},"help_text":null,"unit":null,\
            "timestamp":"2024-01-01T12:00:00Z","created_at":"2027-01-15T08:00:00Z"}
            """
        }
        return #"{"metrics":[\#(rows.joined(separator: ","))],"count":\#(rows.count),"limit":1000,"next":null}"#
    }

    private static func lines(_ reports: [Report]) -> String {
        reports.flatMap { report in
            report.metrics.map { #"\#($0.name){component="\#(report.component.name)"} \#($0.value)"# }
        }.joined(separator: "\n")
    }
}
