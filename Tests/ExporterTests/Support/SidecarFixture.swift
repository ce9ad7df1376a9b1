import AsyncHTTP
import Cache
import TelemetryServer

@testable import Exporter

/// The sidecar's endpoints as they are before the first poll, at a moment that does not pass: whoever asks twice gets the same.
enum SidecarFixture {
    /// - Parameter loop: where the page is made.
    static func endpoints(on loop: EventLoop) throws -> Endpoints {
        let verdict = Verdict(PollState(), VerdictConfiguration(), at: Polls.beginning)
        let catalogue = try FamilyCatalogue(Configuration())
        let subject = StatusSubject(agent: "", pollInterval: .seconds(1), rules: VerdictConfiguration())
        let history = History(pollInterval: .seconds(1))
        let now = Occasion(Polls.beginning, sinceEpoch: .seconds(1_700_000_000))
        let publisher = try MomentPublisher(
            catalogue,
            first: verdict,
            VerdictConfiguration(),
            at: now.instant,
            wallClock: { now.sinceEpoch },
            on: loop
        )
        let status = { @Sendable in
            AgentStatus(publisher.moment, subject, history: history, metrics: catalogue.metrics, at: now)
        }
        let moment = { @Sendable in PageMoment(publisher.moment) }
        return try SidecarEndpoints.make(
            "/metrics",
            publisher: publisher,
            page: SharedAnswer(of: moment, on: loop) { try StatusPage.response(status()) },
            status: SharedAnswer(of: moment, on: loop) { try StatusDocument.response(status()) },
            health: AgentHealth(configuration: HealthConfiguration(), pulse: Pulse()) { verdict },
            metrics: catalogue.requests
        )
    }
}
