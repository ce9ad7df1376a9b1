import TestExposition
import Testing

@testable import Hub

@Suite("docs/reporting.md, as a hub reads it")
struct ReportingPageTests {
    @Test("what the page sends by curl is taken whole")
    func curl() throws {
        let page = try ProjectFile.text("docs/reporting.md")
        let parts = page.split(separator: "-d '", maxSplits: 1)
        let body = try #require(parts.last?.prefix { $0 != "'" })
        let decoded = try ReportDecoder().decode(Array(body.utf8), arrived: arrival)
        #expect(decoded.rejections.isEmpty)
        #expect(decoded.report.component == Component(type: "worker_pool", name: "worker-cpu-01", instance: "node-1:1"))
        #expect(decoded.report.reportID == "5f0c1ab2-9a4e-4c1d-8f00-6e1f2a3b4c5d")
        #expect(decoded.report.ttl == .seconds(60))
        #expect(decoded.report.metrics.map(\.time) == [1_795_651_200_500])
    }
}
