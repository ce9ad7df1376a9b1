import AsyncHTTP
import Reporting

/// The four checks of the predecessor's integration test, over HTTP, so that any hub can be asked.
struct HubCheck<Time: Clock>: Sendable where Time.Duration == Duration {
    /// Between two looks for what was reported.
    private let look = Duration.milliseconds(100)

    private let hub: HubURL
    private let client: HTTPClient
    private let fields: HeaderFields
    private let clock: Time
    private let deadline: Time.Instant
    private let report: CheckReport

    /// - Parameters:
    ///   - client: reaches the hub; whoever gives it closes it.
    ///   - fields: fields that make us known to the hub.
    init(
        _ hub: HubURL,
        through client: HTTPClient,
        within timeout: Duration,
        clock: Time,
        fields: HeaderFields = HeaderFields(),
        generator: inout some RandomNumberGenerator
    ) {
        self.hub = hub
        self.client = client
        self.fields = fields
        self.clock = clock
        deadline = clock.now.advanced(by: timeout)
        report = CheckReport(&generator)
    }

    /// Every finding, in the order in which they are printed.
    func run() async -> [CheckFinding] {
        let selfReport = await ask(.post, "/api/metrics/self-report")
        let reported = await ask(.post, "/api/metrics/report", body: report.body)
        let query = await askUntil(CheckReport.query) { $0.row(of: report) != nil }
        let export = await askUntil("/api/metrics/prometheus") { $0.hasSeries }
        return [
            schema(query), endpoints(selfReport, reported, query, export), collection(reported, query),
            CheckFinding(
                check: .export,
                problems: problems(of: export, \.problemsOfExport),
                remark: "valid text, with the component that has reported"
            ),
        ]
    }

    private typealias Asked = Result<CheckedAnswer, Unreachable>

    /// There was no answer.
    private struct Unreachable: Error {
        let reason: String
    }

    // MARK: Findings

    private func schema(_ query: Asked) -> CheckFinding {
        let row = (try? query.get())?.row(of: report)
        return CheckFinding(
            check: .schema,
            problems: row.map(CheckedAnswer.problems(ofRow:)) ?? ["there is no row to look at"],
            remark: "\(CheckedAnswer.columns.count) columns"
        )
    }

    private func endpoints(_ selfReport: Asked, _ others: Asked...) -> CheckFinding {
        let refusals = others.flatMap { problems(of: $0, \.refusal) }
        return CheckFinding(
            check: .endpoints,
            problems: problems(of: selfReport, \.problemsOfSelfReport) + refusals,
            remark: "self-report, report, query, export"
        )
    }

    private func collection(_ reported: Asked, _ query: Asked) -> CheckFinding {
        var found = problems(of: reported, \.problemsOfReport)
        if found.isEmpty { found = problems(of: query, \.refusal) }
        if found.isEmpty, (try? query.get())?.row(of: report) == nil {
            found = ["what was reported is not found: GET \(CheckReport.query)"]
        }
        return CheckFinding(
            check: .collection,
            problems: found,
            remark: "a report of \(CheckReport.component) is found again"
        )
    }

    private func problems(of asked: Asked, _ look: (CheckedAnswer) -> [String]) -> [String] {
        switch asked {
        case .success(let answer): look(answer)
        case .failure(let error): [error.reason]
        }
    }

    // MARK: Asking

    private func ask(_ method: HTTPMethod, _ path: String, body: [UInt8] = []) async -> Asked {
        let asked = "\(method.rawValue) \(path.prefix { $0 != "?" })"
        var fields = fields
        if !body.isEmpty { try? fields.append("Content-Type", "application/json") }
        do throws(ClientError) {
            let response = try await client.send(method, hub.target(path), fields: fields, body: body)
            return .success(CheckedAnswer(asked: asked, status: response.status, body: response.body))
        } catch {
            return .failure(Unreachable(reason: "\(asked): \(error)"))
        }
    }

    /// Asks until the answer has what is looked for, or the time is over.
    private func askUntil(_ path: String, _ isThere: (CheckedAnswer) -> Bool) async -> Asked {
        while true {
            let answer = await ask(.get, path)
            if let answer = try? answer.get(), isThere(answer) { return .success(answer) }
            guard clock.now.advanced(by: look) < deadline, (try? await clock.sleep(for: look)) != nil else {
                return answer
            }
        }
    }
}
