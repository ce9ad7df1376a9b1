import AsyncHTTP
import Cache
import TelemetryServer

@testable import Exporter

/// The sidecar's endpoints as they are before the first poll.
enum SidecarFixture {
    /// - Parameter loop: where the page is made.
    static func endpoints(on loop: EventLoop) throws -> Endpoints {
        let verdict = Verdict(PollState(), VerdictConfiguration(), at: Polls.beginning)
        let catalogue = try FamilyCatalogue(Configuration(), statistics: { nil })
        let page = StatusPage(
            agent: "",
            pollInterval: .seconds(1),
            maxAge: .seconds(30),
            paths: [],
            history: History(pollInterval: .seconds(1)),
            metrics: catalogue.metrics
        ) { verdict }
        let publisher = try MomentPublisher(catalogue, first: verdict, VerdictConfiguration(), on: loop)
        return try SidecarEndpoints.make(
            "/metrics",
            publisher: publisher,
            page: SharedAnswer(of: { PageMoment(publisher.moment) }, on: loop) { try page.response() },
            health: AgentHealth(configuration: HealthConfiguration(), pulse: Pulse()) { verdict },
            metrics: catalogue.requests
        )
    }
}
