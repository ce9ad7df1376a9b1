import JSON
import Telemetry

/// An answer of any hub, and what is wrong with it.
struct CheckedAnswer: Sendable, Hashable {
    /// What was asked, as a message names it: `GET /api/metrics/query`.
    let asked: String
    let status: Int
    let body: [UInt8]

    private static let shownBytes = 120
    static let columns = [
        "metric_id", "runtime_id", "metric_name", "metric_type", "metric_value", "labels", "help_text", "unit",
        "timestamp",
        "created_at",
    ]

    /// Nothing if it was answered as it should be.
    var refusal: [String] {
        guard !(200..<300).contains(status) else { return [] }
        let said = String(decoding: body, as: UTF8.self).cut(toBytes: Self.shownBytes)
        return ["\(asked) answered \(status)" + (said.isEmpty ? "" : ": \(JSONText.quoted(said))")]
    }

    /// What is wrong with the answer to a self-report.
    var problemsOfSelfReport: [String] {
        guard refusal.isEmpty else { return refusal }
        guard let document else { return ["\(asked) answered no JSON"] }
        guard let count = document["metrics_reported"] else { return [] }
        if case .number(let count) = count, count > 0 { return [] }
        return ["\(asked) has reported no metrics"]
    }

    /// What is wrong with the answer to a report.
    var problemsOfReport: [String] {
        guard refusal.isEmpty else { return refusal }
        guard let document else { return ["\(asked) answered no JSON"] }
        guard case .array(let rejected)? = document["rejected"], let first = rejected.first else { return [] }
        return ["\(asked) has rejected the sample: \(first.text.cut(toBytes: Self.shownBytes))"]
    }

    /// The rows that a query has found; nil if that is no answer to one.
    var rows: [JSONValue]? {
        switch document {
        case .array(let rows): rows
        case let document?:
            if case .array(let rows)? = document["metrics"] { rows } else { nil }
        case nil: nil
        }
    }

    /// The row of what was reported.
    func row(of report: CheckReport) -> JSONValue? {
        rows?.first { row in
            row["metric_name"] == .string(CheckReport.metric) && row["metric_value"] == .number(report.value)
        }
    }

    /// What a row lacks.
    static func problems(ofRow row: JSONValue) -> [String] {
        let missing = columns.filter { row[$0] == nil }
        var problems = missing.isEmpty ? [] : ["a row has no \(missing.joined(separator: ", "))"]
        if let labels = row["labels"] {
            if case .object = labels {} else { problems.append("labels is no object") }
        }
        if let time = row["timestamp"], case .string(let text) = time, !text.hasPrefix("2024-01-01") {
            problems.append("the sample of 2024-01-01 is dated \(JSONText.quoted(text.cut(toBytes: shownBytes)))")
        }
        return problems
    }

    /// Whether there is a line of what was reported, with its component.
    var hasSeries: Bool {
        body.split(separator: UInt8(ascii: "\n")).contains { line in
            line.starts(with: "\(CheckReport.metric){".utf8)
                && line.holds(#"component="\#(CheckReport.component)""#.utf8)
        }
    }

    /// What is wrong with the export.
    var problemsOfExport: [String] {
        guard refusal.isEmpty else { return refusal }
        do {
            try ExpositionCheck.check(body, isOpenMetrics: false)
        } catch {
            return ["\(asked) is no text that Prometheus reads: \(error)"]
        }
        return hasSeries
            ? [] : [#"\#(asked) has no \#(CheckReport.metric){component="\#(CheckReport.component)"}"#]
    }

    private var document: JSONValue? {
        guard let document = try? JSONReader().read(body) else { return nil }
        return document
    }
}
