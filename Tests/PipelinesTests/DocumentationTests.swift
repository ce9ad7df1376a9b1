import Telemetry
import TestExposition
import Testing

@testable import Pipelines

extension ReporterTests {
    /// Among the reporter's tests, for it starts the reporter.
    @Suite("docs/pipelines.md")
    struct PipelinesDocumentationTests {
        private static let page = "docs/pipelines.md"

        @Test("the example on the page is the one that is compiled here")
        func example() throws {
            let source = try ProjectFile.text("Tests/PipelinesTests/DocumentationExample.swift")
            let example = source.drop { $0 != "\n" }.dropFirst()
            #expect(example.hasPrefix("import Pipelines"))
            #expect(try ProjectFile.text(Self.page).contains("```swift\n\(example)```"))
        }

        @Test("the example gives the lines that the page shows")
        func orders() async throws {
            let orders = try Orders()
            defer { MetricsReporter.shutdown() }
            try await orders.begin(at: moment)
            try await orders.done("batch-1", records: 1000, failed: 5, milliseconds: 250, at: moment)
            let text = String(decoding: orders.registry.render(), as: UTF8.self)
            let page = try ProjectFile.text(Self.page)
            let shown = try #require(page.split(separator: "```text\n").dropFirst().first).prefix { $0 != "`" }
            let lines = shown.split(separator: "\n")
            #expect(lines.count > 5)
            for line in lines { #expect(text.contains("\n\(line)\n"), "\(line)") }
        }

        @Test("the page has a row for every family, every limit and every command")
        func rows() throws {
            let page = try ProjectFile.text(Self.page)
            for row in PipelineFamily.allCases.map(\.row) { #expect(page.contains("| `\(row.name)` |"), "\(row.name)") }
            for limit in ["pipelines", "errorCodes", "textBytes", "throughputWindow", "keptEvents"] {
                #expect(page.contains("| `\(limit)` |"), "\(limit)")
            }
            for command in everyCommand { #expect(page.contains("| `\(command.name)` |"), "\(command.name)") }
        }

        @Test("the page's table of commands is the one that decides", arguments: everyCommand)
        func commands(command: PipelineCommand) throws {
            let page = try ProjectFile.text(Self.page)
            let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| `\(command.name)` |") })
            let origins = row.split(separator: "|")[1].trimmed.split(separator: ", ").map(String.init)
            let possible = PipelineState.allCases.filter { (try? Pipeline(in: $0).decide(command)) != nil }
            #expect(Set(origins) == Set(possible.map(\.rawValue)))
        }
    }
}

extension Substring {
    /// Without spaces at its ends.
    fileprivate var trimmed: Substring {
        let rest = drop { $0 == " " }
        return rest.lastIndex { $0 != " " }.map { rest[...$0] } ?? ""
    }
}
