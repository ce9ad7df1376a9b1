import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// What the worker says of itself as agents do, for a sidecar: what it really does.
struct ActuatorInfo: Sendable {
    static let path = "/actuator/info"

    let isEnding: @Sendable () -> Bool
    /// Batches under way, those that wait for another attempt among them.
    let tasks: @Sendable () -> Int
    /// Webhooks that are not answered yet.
    let requests: @Sendable () -> Int
    /// Connections of senders.
    let sessions: @Sendable () -> Int

    var document: JSONValue {
        .object([
            JSONValue.Member(
                "buildInfo",
                .object([
                    JSONValue.Member("version", .string(BuildInfo.version)),
                    JSONValue.Member("commitHash", .string(BuildInfo.revision)),
                    JSONValue.Member("buildTimestamp", .null),
                ])
            ),
            JSONValue.Member("agentStatus", .string(isEnding() ? "PENDING_SHUTDOWN" : "RUNNING")),
            JSONValue.Member("activeTaskCount", .number(Double(tasks()))),
            JSONValue.Member("activeRequestCount", .number(Double(requests()))),
            JSONValue.Member("openSessionsCount", .number(Double(sessions()))),
        ])
    }

    /// Answers this alone.
    var router: Router {
        var router = Router()
        router.on(.get, Self.path) { _, responder in
            try await responder.send(try PageFrame.twin(document.bytes))
        }
        return router
    }
}
