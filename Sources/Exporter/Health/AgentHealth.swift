import AsyncHTTP
import Cache
import JSON
import TelemetryServer

/// What the health endpoints say of the sidecar and its agent.
struct AgentHealth: Sendable {
    /// `/health` fails after more failures in a row than this, as the older sidecar did.
    static let toleratedFailures = 10
    private static let longestError = 512

    let configuration: HealthConfiguration
    let pulse: Pulse
    /// The verdict that stands.
    let verdict: @Sendable () -> Verdict

    func report(at now: MonotonicInstant = .now) -> HealthReport {
        let verdict = verdict()
        return HealthReport(
            pulse,
            isReady: configuration.readyRequires.isMet(by: verdict, at: now),
            details: [JSONValue.Member("agent", agent(verdict, at: now))],
            at: now
        )
    }

    private func agent(_ verdict: Verdict, at now: MonotonicInstant) -> JSONValue {
        let error = verdict.failure?.description.cut(toBytes: Self.longestError)
        var members = [JSONValue.Member("state", .string(verdict.state.word))]
        if let reported = verdict.reported {
            members.append(JSONValue.Member("reported", .string(reported)))
        }
        members += [
            JSONValue.Member("up", .boolean(verdict.isUp)),
            JSONValue.Member("age_seconds", JSONValue(verdict.polls.age(at: now)?.wholeMilliseconds)),
            JSONValue.Member("consecutive_failures", .number(Double(verdict.polls.consecutiveFailures))),
            JSONValue.Member("last_error", error.map(JSONValue.string) ?? .null),
        ]
        return .object(members)
    }

    var routes: HealthRoutes {
        HealthRoutes(of: "agent-exporter", stuck: "the polling loop is stuck") { report() }
    }

    /// What the older sidecar answered on `/health`.
    var older: Endpoint {
        Endpoint("/health") { _ in
            if pulse.isDraining { return try .plain(false, "", "Shutting down") }
            let hasFailed = verdict().polls.consecutiveFailures > Self.toleratedFailures
            return try .plain(!hasFailed, "OK", "Too many fetch failures")
        }
    }
}
