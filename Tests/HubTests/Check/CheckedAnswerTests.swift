import JSON
import TestExposition
import Testing

@testable import Hub

@Suite("What is wrong with a hub's answer")
struct CheckedAnswerTests {
    private static let report: CheckReport = {
        var generator = SeededGenerator(seed: 3)
        return CheckReport(&generator)
    }()

    private static func answer(_ body: String, _ status: Int = 200) -> CheckedAnswer {
        CheckedAnswer(asked: "GET /x", status: status, body: Array(body.utf8))
    }

    @Test(
        "an answer to a self-report has reported something",
        arguments: [
            (#"{"status":"ok","metrics_reported":6}"#, 200, ""),
            (#"{"status":"ok"}"#, 200, ""),
            (#"{"metrics_reported":0}"#, 200, "GET /x has reported no metrics"),
            ("<html>", 200, "GET /x answered no JSON"),
            ("no\nparameter", 422, #"GET /x answered 422: "no\nparameter""#),
            ("", 500, "GET /x answered 500"),
        ]
    )
    func selfReport(body: String, status: Int, problem: String) {
        #expect(Self.answer(body, status).problemsOfSelfReport.joined() == problem)
    }

    @Test(
        "an answer to a report has rejected nothing",
        arguments: [
            (#"{"status":"ok","rejected":[]}"#, 200, ""),
            (#"{"status":"ok"}"#, 200, ""),
            (#"{"rejected":[{"reason":"old"}]}"#, 200, #"GET /x has rejected the sample: {"reason":"old"}"#),
            ("ok", 200, "GET /x answered no JSON"),
            ("not registered", 404, #"GET /x answered 404: "not registered""#),
        ]
    )
    func reports(body: String, status: Int, problem: String) {
        #expect(Self.answer(body, status).problemsOfReport.joined() == problem)
    }

    @Test(
        "a query has found the row of this run, in either form of answer",
        arguments: [
            (#"{"metrics":[{"metric_name":"noetl_system_cpu_usage_percent","metric_value":VALUE}]}"#, true),
            (#"[{"metric_name":"noetl_system_cpu_usage_percent","metric_value":VALUE}]"#, true),
            (#"{"metrics":[{"metric_name":"noetl_system_cpu_usage_percent","metric_value":0}]}"#, false),
            (#"{"metrics":[{"metric_name":"other","metric_value":VALUE}]}"#, false),
            (#"{"metrics":[]}"#, false), ("{}", false), ("x", false),
        ]
    )
    func rows(body: String, isThere: Bool) {
        let parts = body.split(separator: "VALUE", omittingEmptySubsequences: false)
        let text = parts.joined(separator: "\(Self.report.value)")
        #expect((Self.answer(text).row(of: Self.report) != nil) == isThere)
    }

    @Test("a row has every column", arguments: CheckedAnswer.columns)
    func columns(missing: String) {
        let all = CheckedAnswer.columns.map { name in
            JSONValue.Member(name, name == "labels" ? [:] : name == "timestamp" ? "2024-01-01T12:00:00Z" : 1)
        }
        #expect(CheckedAnswer.problems(ofRow: .object(all)).isEmpty)
        let rest = all.filter { $0.name != missing }
        #expect(CheckedAnswer.problems(ofRow: .object(rest)) == ["a row has no \(missing)"])
    }

    @Test("labels are an object, and the sample keeps its date")
    func row() {
        let row = JSONValue.object(
            CheckedAnswer.columns.map { JSONValue.Member($0, $0 == "timestamp" ? "2027-01-01T12:00:00Z" : "x") }
        )
        #expect(
            CheckedAnswer.problems(ofRow: row) == [
                "labels is no object", #"the sample of 2024-01-01 is dated "2027-01-01T12:00:00Z""#,
            ]
        )
    }

    @Test(
        "an export is valid text that has the series with its component",
        arguments: [
            ("noetl_system_cpu_usage_percent{component=\"agent-hub-check\",hostname=\"node-1\"} 1\n", 200, ""),
            (
                "noetl_system_cpu_usage_percent{component=\"other\"} 1\n", 200,
                "GET /x has no noetl_system_cpu_usage_percent{component=\"agent-hub-check\"}"
            ),
            ("", 200, "GET /x has no noetl_system_cpu_usage_percent{component=\"agent-hub-check\"}"),
            ("a b\n", 200, "GET /x is no text that Prometheus reads: line 1: its value is no number"),
            ("no", 404, "GET /x answered 404: \"no\""),
        ]
    )
    func exports(body: String, status: Int, problem: String) {
        #expect(Self.answer(body, status).problemsOfExport.joined() == problem)
    }

    @Test("what is reported is the sample of the predecessor's documents, of type test and dated 2024")
    func body() throws {
        let report = try ReportDecoder().decode(Self.report.body, arrived: arrival).report
        #expect(report.component == Component(type: "test", name: "agent-hub-check"))
        #expect(report.metrics.map(\.name) == ["noetl_system_cpu_usage_percent"])
        #expect(report.metrics.map(\.value) == [Self.report.value])
        #expect(report.metrics.map(\.time) == [1_704_110_400_000])
    }

    @Test("a finding is one line")
    func lines() {
        #expect(CheckFinding(check: .schema, problems: [], remark: "10 columns").line == "ok   schema: 10 columns")
        #expect(CheckFinding(check: .export, problems: ["a", "b"], remark: "").line == "FAIL export: a; b")
    }
}
