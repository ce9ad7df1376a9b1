import AsyncHTTP
import Testing

@testable import Hub

@Suite("What came lately")
struct ReportActivityTests {
    private func at(_ second: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000) }

    @Test("reports of the last five minutes are counted, and older ones are not")
    func window() throws {
        let metrics = try HubMetrics()
        metrics.count(.malformed)
        let activity = ReportActivity(metrics, at: at(0))
        metrics.count(.accepted)
        metrics.count(.tooFast)
        let first = activity.recent(at: at(3))
        #expect(first.time == .seconds(3) && first.reports[.accepted] == 1 && first.reports[.malformed] == 0)
        #expect(first.refused.map(\.result) == [.tooFast])
        for second in 1...600 {
            activity.note(at: at(second))
            if second == 400 { metrics.count(.accepted) }
        }
        let last = activity.recent(at: at(600))
        #expect(last.reports[.accepted] == 1 && last.refused.isEmpty)
        #expect((.seconds(290)...(.seconds(310))).contains(last.time))
    }

    @Test("the commonest reason comes first, and what was sent before is no refusal")
    func reasons() throws {
        let metrics = try HubMetrics()
        let activity = ReportActivity(metrics, at: at(0))
        for result in [ReportResult.malformed, .unregistered, .unregistered, .duplicate] { metrics.count(result) }
        let refused = activity.recent(at: at(1)).refused
        #expect(refused.map(\.result) == [.unregistered, .malformed] && refused.map(\.count) == [2, 1])
    }
}
