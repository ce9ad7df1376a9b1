import Glibc
import Testing

@Suite("docs/telemetry.md")
struct DocumentationTests {
    private func read(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = unsafe fopen(root + "/" + path, "r")
        guard let file = unsafe file else { throw ProgramRun.CannotStart(description: "cannot read \(path)") }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("the example on the page is the one that is compiled here")
    func example() throws {
        let page = try read("docs/telemetry.md")
        let source = try read("Tests/TelemetryTests/DocumentationExample.swift")
        let example = source.drop { $0 != "\n" }.dropFirst()
        #expect(example.hasPrefix("import Telemetry"))
        #expect(page.contains("```swift\n\(example)```"))
    }

    @Test("the example does what the page says")
    func worker() throws {
        let worker = try Worker()
        worker.run {}
        worker.run {}
        #expect(worker.metrics.contains("\nworker_jobs_total 2\n"))
        #expect(worker.metrics.contains("\nworker_job_seconds_count 2\n"))
    }
}
