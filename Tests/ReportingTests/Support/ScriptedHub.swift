import AsyncHTTP
import JSON
import Synchronization

@testable import Reporting

/// A hub that answers as it has been told, and remembers what it has taken: a `report_id` once.
final class ScriptedHub: Sendable {
    enum Behaviour: Sendable {
        case takes
        /// Nobody is there.
        case isAway
        /// Nobody is there, which takes long to see, whoever has given up meanwhile.
        case isAwaySlowly
        /// It takes the report, but its answer does not arrive.
        case losesAnswers
        case answers(Int, retryAfter: String? = nil, body: String = "")
    }

    private struct State {
        var behaviour: Behaviour
        var taken: [SentReport] = []
        var identifiers: Set<String> = []
        var attempts: [SentReport] = []
    }

    private let state: Mutex<State>

    init(_ behaviour: Behaviour = .takes) {
        state = Mutex(State(behaviour: behaviour))
    }

    func behaves(_ behaviour: Behaviour) {
        state.withLock { $0.behaviour = behaviour }
    }

    /// Each report that it has taken, once.
    var taken: [SentReport] { state.withLock(\.taken) }
    /// Every attempt, in order.
    var attempts: [SentReport] { state.withLock(\.attempts) }

    func deliver(_ body: [UInt8]) async throws(ReportFailure) -> ReportAnswer {
        let report = SentReport(body)
        let behaviour = state.withLock { state in
            state.attempts.append(report)
            return state.behaviour
        }
        switch behaviour {
        case .takes: return Self.answer(200, nil, take(report))
        case .isAway: throw ReportFailure(.connection, "nobody is there")
        case .isAwaySlowly:
            for _ in 0..<2000 { await Task.yield() }
            throw ReportFailure(.connection, "nobody is there")
        case .losesAnswers:
            _ = take(report)
            throw ReportFailure(.timeout, "no answer")
        case .answers(let status, let retryAfter, let body): return Self.answer(status, retryAfter, body)
        }
    }

    private func take(_ report: SentReport) -> String {
        state.withLock { state in
            if state.identifiers.insert(report.identifier).inserted { state.taken.append(report) }
        }
        return #"{"status":"ok","runtime_id":1,"metrics_inserted":\#(report.samples.count),"rejected":[]}"#
    }

    static func answer(_ status: Int, _ retryAfter: String?, _ body: String) -> ReportAnswer {
        var fields = HeaderFields()
        if let retryAfter { try? fields.append("Retry-After", retryAfter) }
        return ReportAnswer(status: status, fields: fields, body: Array(body.utf8))
    }
}

/// A report as a hub reads it.
struct SentReport: Sendable {
    let document: JSONValue?

    init(_ body: [UInt8]) {
        document = try? JSONReader().read(body)
    }

    var identifier: String { text(document?["report_id"]) ?? "" }

    var samples: [JSONValue] {
        if case .array(let samples)? = document?["metrics"] { samples } else { [] }
    }

    /// The values of all samples of a name.
    func values(_ name: String) -> [Double] {
        samples.compactMap { sample in
            guard text(sample["metric_name"]) == name, case .number(let value)? = sample["metric_value"] else {
                return nil
            }
            return value
        }
    }

    /// When its first sample was, in seconds.
    var time: Double? {
        if case .number(let time)? = samples.first?["timestamp"] { time } else { nil }
    }

    private func text(_ value: JSONValue?) -> String? {
        if case .string(let text)? = value { text } else { nil }
    }
}
