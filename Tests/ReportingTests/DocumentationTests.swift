import AsyncHTTP
import Glibc
import JSON
import Synchronization
import Testing

@testable import Reporting

@Suite("docs/reporting.md")
struct ReportingDocumentationTests {
    private struct CannotRead: Error {}

    private func read(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = unsafe fopen(root + "/" + path, "r")
        guard let file = unsafe file else { throw CannotRead() }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("the example on the page is the one that is compiled here")
    func example() throws {
        let source = try read("Tests/ReportingTests/DocumentationExample.swift")
        let example = source.drop { $0 != "\n" }.dropFirst()
        #expect(example.hasPrefix("import Reporting"))
        #expect(try read("docs/reporting.md").contains("```swift\n\(example)```"))
    }

    @Test("the page has a row for every reason of a failure")
    func reasons() throws {
        let page = try read("docs/reporting.md")
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
