import Hub
import Testing

@Suite("An export of the log")
struct ExportTests {
    @Test("is a line of JSON for each report, as reports are sent")
    func lines() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        let metric = ReportedMetric(
            name: "cpu",
            kind: .counter,
            value: 45.2,
            time: midnight - 1,
            labels: [ReportedLabel(name: "a", value: "\"")],
            help: "h",
            unit: "percent"
        )
        let odd = ReportedMetric(name: "odd", kind: .gauge, value: -.infinity, time: midnight)
        let component = Component(type: "pool", name: "w", instance: "1")
        _ = try await log.append(
            Report(
                component: component,
                reportID: "r-1",
                ttl: .milliseconds(1500),
                metrics: [metric, odd],
                arrived: midnight
            )
        )
        for _ in 0..<1200 { _ = try await log.append(.sample([:])) }
        var text = ""
        let count = try LogExport.run(log.reader()) { text += String(decoding: $0, as: UTF8.self) }
        #expect(count == 1201)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 1201)
        #expect(
            lines[0] == """
                {"sequence":1,"arrived":1795651200,"component_type":"pool","component_name":"w","instance":"1",\
                "report_id":"r-1","ttl_seconds":1.5,"metrics":[{"metric_name":"cpu","metric_type":"counter","metric_value":45.2,\
                "timestamp":1795651199.999,"labels":{"a":"\\""},"help_text":"h","unit":"percent"},\
                {"metric_name":"odd","metric_type":"gauge","metric_value":"-Inf","timestamp":1795651200}]}
                """
        )
        #expect(lines[1200].hasPrefix(#"{"sequence":1201,"#))
    }
}

@Suite("A check of the log")
struct VerificationTests {
    @Test(
        "tells what is not as it was written",
        arguments: [
            ("UPDATE cursor SET sequence = 3", nil),
            ("DELETE FROM report_1 WHERE sequence = 2", "reports from 2 to 2 are missing"),
            ("UPDATE report_1 SET samples = '[[1]]' WHERE sequence = 1", "report 1 cannot be read"),
            ("DELETE FROM series WHERE id = 1", "report 1 cannot be read, or has what is not in the dictionary"),
            ("DELETE FROM component", "report 1 cannot be read"),
            ("UPDATE series SET component = 9", "report 1 cannot be read"),
            ("UPDATE report_1 SET arrived = 0 WHERE sequence = 2", "report 2 has arrived before"),
            ("UPDATE cursor SET sequence = 4", "the follower f has read report 4"),
            ("UPDATE segment SET first = 3 WHERE first = 99", nil),
        ] as [(String, String?)]
    )
    func problems(change: String, problem: String?) async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        for _ in 0..<3 { _ = try await log.append(.sample()) }
        try await log.advance("f", to: 2)
        try Outsider(directory.file).execute(change)
        let found = try LogVerification.run(log.reader())
        #expect(found.problems.isEmpty == (problem == nil))
        if let problem {
            #expect(found.problems.contains { $0.hasPrefix(problem) }, "\(found.problems)")
        } else {
            #expect(found.reports == 3 && found.samples == 3)
        }
    }

    @Test("shows people with sqlite3 what was reported")
    func views() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        let outsider = try Outsider(directory.file)
        #expect(try outsider.integer("SELECT count(*) FROM samples") == 0)
        _ = try await log.append(.sample(["a": 1.5, "b": 2]))
        _ = try await log.append(.sample(["a": 3], at: midnight + day))
        #expect(try outsider.integer("SELECT count(*) FROM samples") == 3)
        let row = try outsider.text(
            """
            SELECT concat_row FROM (SELECT sequence || ' ' || component_type || ' ' || component || ' ' || name || ' ' || kind
                || ' ' || value || ' ' || time || ' ' || arrived AS concat_row
            FROM samples WHERE name = 'a' ORDER BY sequence DESC LIMIT 1)
            """
        )
        #expect(row == "2 pool worker a gauge 3 2026-11-27T00:00:00.000Z 2026-11-27T00:00:00.000Z")
    }
}
