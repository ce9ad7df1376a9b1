import Telemetry
import TestExposition
import Testing

@Suite("docs/telemetry.md")
struct DocumentationTests {
    @Test(
        "the examples on the page are those that are compiled here",
        arguments: ["DocumentationExample", "DocumentationCollectorExample"]
    )
    func example(file: String) throws {
        let page = try ProjectFile.text("docs/telemetry.md")
        let source = try ProjectFile.text("Tests/TelemetryTests/\(file).swift")
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
        #expect(worker.metrics.contains("\nworker_state{worker_state=\"idle\"} 1\n"))
    }

    @Test("the collector does what the page says")
    func collector() throws {
        let registry = Registry()
        try registry.register(DriverMetrics { ["query_seconds": (0.5, 3, 4), "no name": (1, 1, 1)] })
        #expect(
            text(registry) == """
                # HELP query_seconds From the driver.
                # TYPE query_seconds summary
                query_seconds{quantile="0.5"} 0.5
                query_seconds_sum 3
                query_seconds_count 4

                """
        )
    }

    @Test("the page has a line for every kind")
    func kinds() throws {
        let page = try ProjectFile.text("docs/telemetry.md")
        for kind in MetricKind.allCases { #expect(page.contains("| `\(kind)` |"), "\(kind)") }
    }
}
