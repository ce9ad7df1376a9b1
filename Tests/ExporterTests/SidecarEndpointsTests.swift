import AsyncHTTP
import Cache
import Service
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
        let catalogue = try FamilyCatalogue(configuration)
        for polls in [PollState(), Polls.after([(0, .reads(Polls.reading("RUNNING")))])] {
            let verdict = Verdict(polls, VerdictConfiguration(fallback: .zero), at: Polls.beginning)
            let families = catalogue.families(verdict, LoadAccount(VerdictConfiguration()), at: Polls.beginning)
            #expect(families.allSatisfy { !$0.samples.isEmpty })
            #expect(
                families.map(\.descriptor.name).prefix(5) == [
                    "app_version_info", "app_agent_status", "app_active_task_count", "app_active_request_count",
                    "app_open_sessions_count",
                ]
            )
        }
    }

    @Test("lines of the log that were dropped are counted, and there is a count before any was")
    func linesDropped() throws {
        let logger = Logger(LogConfiguration()) { _ in false }
        let catalogue = try FamilyCatalogue(Configuration(), linesDropped: { logger.linesDropped })
        var body: String {
            let verdict = Verdict(PollState(), VerdictConfiguration(), at: Polls.beginning)
            let rendered = RenderedMetrics(
                catalogue.families(verdict, LoadAccount(VerdictConfiguration()), at: Polls.beginning)
            )
            return String(decoding: rendered.representation(.text004, .identity).body, as: UTF8.self)
        }
        #expect(body.contains("# TYPE agent_exporter_log_lines_dropped_total counter\n"))
        #expect(body.contains("\nagent_exporter_log_lines_dropped_total 0\n"))
        for _ in 0..<3 { logger.info("nobody reads this") }
        #expect(body.contains("\nagent_exporter_log_lines_dropped_total 3\n"))
    }
}
