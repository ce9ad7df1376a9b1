import AsyncHTTP
import JSON
import TestExposition
import Testing

@testable import Reporting

@Suite("docs/reporting.md")
struct ReportingDocumentationTests {
    @Test("the example on the page is the one that is compiled here")
    func example() throws {
        let source = try ProjectFile.text("Tests/ReportingTests/DocumentationExample.swift")
        let example = source.drop { $0 != "\n" }.dropFirst()
        #expect(example.hasPrefix("import Reporting"))
        #expect(try ProjectFile.text("docs/reporting.md").contains("```swift\n\(example)```"))
    }

    @Test("the page has a row for every reason of a failure")
    func reasons() throws {
        let page = try ProjectFile.text("docs/reporting.md")
        for reason in ReportFailure.Reason.allCases { #expect(page.contains("| `\(reason)` |"), "\(reason)") }
    }

    @Test("the example does what the page says")
    func worker() throws {
        let hub = try LoopbackHub()
        let worker = try Worker(reportingTo: HubURL("http://127.0.0.1:\(hub.port)/api"))
        worker.run {}
        worker.run {}
        worker.stop()
        let reports = hub.reports
        hub.stop()
        #expect(reports.flatMap { $0.values("worker_jobs_total") }.last == 2)
        #expect(reports.flatMap { $0.values("worker_last_job_size") } == [42, 42])
        let label = reports.first?.samples.first?["labels"]?["hostname"]
        #expect(label == .string("node-1"))
    }
}
