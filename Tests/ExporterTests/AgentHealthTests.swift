import AsyncHTTP
import Cache
import JSON
import TelemetryServer
import Testing

@testable import Exporter

@Suite("What health says of the agent")
struct AgentHealthTests {
    private func report(
        _ polls: PollState,
        requires: ReadyRequirement = .poll,
        isDraining: Bool = false,
        at second: Double = 1
    ) -> HealthReport {
        let pulse = Pulse(at: Polls.instant(second))
        pulse.isDraining = isDraining
        let verdict = Verdict(polls, VerdictConfiguration(), at: Polls.instant(second))
        let health = AgentHealth(configuration: HealthConfiguration(readyRequires: requires), pulse: pulse) { verdict }
        return health.report(at: Polls.instant(second))
    }

    private static let good = (second: 0.0, poll: Polls.Poll.reads(Polls.reading("RUNNING")))
    private static let bad = (second: 1.0, poll: Polls.Poll.fails(.timeout))

    @Test("the JSON has the verdict, the age and the last error")
    func json() {
        let text = report(Polls.after([Self.good, Self.bad]), at: 1.5).json.text
        #expect(
            text == #"{"status":"ok","ready":true,"agent":{"state":"RUNNING","up":false,"age_seconds":1.5,"#
                + #""consecutive_failures":1,"last_error":"timeout: as arranged"}}"#
        )
        let nothing = report(PollState()).json.text
        #expect(nothing.contains(#""state":"UNREACHABLE","up":false,"age_seconds":null"#))
        #expect(nothing.contains(#""last_error":null"#))
        #expect(report(PollState(), isDraining: true).json.text.contains(#""status":"draining","ready":false"#))
    }

    @Test("ready after the first poll, or with data that is young enough, and never while draining")
    func ready() {
        #expect(!report(PollState()).isReady)
        #expect(report(Polls.after([Self.bad])).isReady)
        #expect(!report(Polls.after([Self.bad]), isDraining: true).isReady)
        #expect(!report(Polls.after([Self.bad]), requires: .data).isReady)
        #expect(report(Polls.after([Self.good, Self.bad]), requires: .data, at: 30).isReady)
        #expect(!report(Polls.after([Self.good, Self.bad]), requires: .data, at: 30.1).isReady)
        #expect(!report(Polls.after([Self.good]), requires: .data, at: 31).isReady)
    }
}
