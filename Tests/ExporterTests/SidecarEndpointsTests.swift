import AsyncHTTP
import Cache
import Telemetry
import TelemetryServer
import Testing

@testable import Exporter

@Suite("The sidecar's paths")
struct SidecarEndpointsTests {
    @Test("those that are documented are those that there are")
    func paths() throws { try withEventLoops { try paths(on: $0.first) } }

    private func paths(on loop: EventLoop) throws {
        let endpoints = try SidecarFixture.endpoints(on: loop)
        #expect(endpoints.paths.sorted() == (SidecarEndpoints.paths + ["/metrics"]).sorted())
    }

    @Test("no family is announced without a sample, and the agent's come in their order")
    func families() throws {
        var configuration = Configuration()
        configuration.source.gauges = [try GaugeMapping("app_queue=queue")]
        let catalogue = try FamilyCatalogue(configuration, statistics: { nil })
        for polls in [PollState(), Polls.after([(0, .reads(Polls.reading("RUNNING")))])] {
            let verdict = Verdict(polls, VerdictConfiguration(fallback: .zero), at: Polls.beginning)
            let families = catalogue.families(verdict)
            #expect(families.allSatisfy { !$0.samples.isEmpty })
            #expect(
                families.map(\.descriptor.name).prefix(5) == [
                    "app_version_info", "app_agent_status", "app_active_task_count", "app_active_request_count",
                    "app_open_sessions_count",
                ]
            )
        }
    }
}
