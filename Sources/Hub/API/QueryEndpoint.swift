import AsyncHTTP
import JSON
import Service
import Telemetry

/// `GET /api/metrics/query`: samples from the store, the newest first.
struct QueryEndpoint: Sendable {
    let store: any Store
    /// How long queries took.
    let durations: Histogram

    func answer(_ request: Request) async throws -> PreparedResponse {
        let query: LogQuery
        do throws(QueryProblem) {
            query = try LogQuery(request.query)
        } catch {
            return try APIAnswer.error(.badRequest, error.description)
        }
        defer { durations.observe(Double(request.received.nanoseconds(to: .now)) * 1e-9) }
        do {
            let body = try await store.answer(query) { [limit = query.limit] in Self.document($0, limit: limit) }
            return try APIAnswer.prepared(.ok, body)
        } catch let error as LogError {
            return try APIAnswer.error(.serviceUnavailable, "not answered: \(error.advice)", retryAfter: .seconds(1))
        }
    }

    private static func document(_ page: LogPage, limit: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("metrics")
            writer.array { writer in
                for row in page.rows { write(row, to: &writer) }
            }
            writer.name("count")
            writer.integer(page.rows.count)
            writer.name("limit")
            writer.integer(limit)
            writer.name("next")
            writer.string(page.next?.text)
        }
        return writer.bytes
    }

    private static func write(_ row: LogPage.Row, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("metric_id")
            writer.integer(row.id)
            writer.name("runtime_id")
            writer.integer(row.component.runtimeID)
            writer.component(row.component)
            writer.name("metric_name")
            writer.string(row.metric.name)
            writer.name("metric_type")
            writer.string(row.metric.kind.name)
            writer.name("metric_value")
            writer.sample(row.metric.value)
            writer.name("labels")
            writer.object { writer in
                for label in row.metric.labels {
                    writer.name(text: label.name)
                    writer.string(label.value)
                }
            }
            writer.name("help_text")
            writer.string(row.metric.help)
            writer.name("unit")
            writer.string(row.metric.unit)
            writer.name("timestamp")
            writer.time(row.metric.time)
            writer.name("created_at")
            writer.time(row.arrived)
        }
    }
}

/// What is wrong with what was asked.
struct QueryProblem: Error, CustomStringConvertible {
    let parameter: String
    let expected: String

    var description: String { "\(parameter) is not \(expected)" }
}

extension LogQuery {
    /// The longest answer.
    static let longest = 10_000
    private static let labelPrefix = "label."

    /// Parameters that are not known, or have no value, ask for nothing.
    init(_ parameters: QueryParameters) throws(QueryProblem) {
        self.init()
        for item in parameters.items where !item.value.isEmpty {
            try apply(item.name, item.value)
        }
    }

    private mutating func apply(_ parameter: String, _ value: String) throws(QueryProblem) {
        switch parameter {
        case "component_name": componentName = value
        case "component_type": componentType = value
        case "runtime_id": runtimeID = try Self.runtimeID(value)
        case "metric_name": name = value
        case "metric_type":
            guard let kind = ReportedKind(name: value.lowercased()) else {
                throw QueryProblem(parameter: parameter, expected: "one of gauge, counter, histogram, summary")
            }
            self.kind = kind
        case "start_time": start = try Self.time(parameter, value)
        case "end_time": end = try Self.time(parameter, value)
        case "limit": limit = Int(try Self.number(parameter, value, in: 1...Int64(Self.longest)))
        case "cursor":
            guard let cursor = LogCursor(text: value) else {
                throw QueryProblem(parameter: parameter, expected: "what an answer has given as `next`")
            }
            self.cursor = cursor
        default:
            guard parameter.hasPrefix(Self.labelPrefix) else { return }
            labels.append(ReportedLabel(name: String(parameter.dropFirst(Self.labelPrefix.count)), value: value))
        }
    }

    static func runtimeID(_ value: String) throws(QueryProblem) -> Int64 {
        try number("runtime_id", value, in: 0...Int64.max)
    }

    private static func number(
        _ parameter: String,
        _ value: String,
        in range: ClosedRange<Int64>
    ) throws(QueryProblem) -> Int64 {
        guard let number = Int64(value), range.contains(number) else {
            throw QueryProblem(
                parameter: parameter,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    private static func time(_ parameter: String, _ value: String) throws(QueryProblem) -> Int64 {
        // A plus sign that was not escaped has become a space.
        let text = Array(value.utf8)
        let zone = text.lastIndex(of: UInt8(ascii: " ")).flatMap { $0 > 18 ? $0 : nil }
        var whole = text
        if let zone { whole[zone] = UInt8(ascii: "+") }
        guard let time = ReportedTime.milliseconds(of: whole[...]) else {
            throw QueryProblem(parameter: parameter, expected: "an RFC 3339 time or Unix seconds")
        }
        return time
    }
}
