import AsyncHTTP
import JSON
import Service
import Telemetry

/// `GET /api/metrics/query`: samples from the database or the store, the newest first.
struct QueryEndpoint: Sendable {
    private let store: any Store
    private let history: HistoryQueries?
    private let durations: Histogram
    private let answers: Labeled<Counter>?

    /// - Parameters:
    ///   - history: answers instead of the store, if there is a database.
    ///   - durations: how long queries took.
    ///   - answers: how many there were, by who has given them.
    init(store: any Store, history: HistoryQueries? = nil, durations: Histogram, answers: Labeled<Counter>? = nil) {
        self.store = store
        self.history = history
        self.durations = durations
        self.answers = answers
    }

    func answer(_ request: Request) async throws -> PreparedResponse {
        let query: HistoryQuery
        do throws(QueryProblem) {
            query = try HistoryQuery(request.query)
        } catch {
            return try APIAnswer.error(.badRequest, error.description)
        }
        defer { durations.observe(Double(request.received.nanoseconds(to: .now)) * 1e-9) }
        do {
            let answer = try await answer(query)
            try answers?.with(answer.source).increment()
            return try APIAnswer.prepared(.ok, answer.body)
        } catch let error as LogError {
            return try APIAnswer.error(.serviceUnavailable, "not answered: \(error.advice)", retryAfter: .seconds(1))
        } catch let absence as HistoryAbsence {
            return try APIAnswer.error(
                .serviceUnavailable,
                "not answered: \(absence.sentence); ask again later, or without `cursor` for what the log of this hub has",
                retryAfter: .seconds(1)
            )
        }
    }

    private func answer(_ query: HistoryQuery) async throws -> (body: [UInt8], source: String) {
        let make: @Sendable (HistoryPage) -> (body: [UInt8], source: String) = { [limit = query.samples.limit] page in
            (Self.document(page, limit: limit), page.source)
        }
        if let history { return try await history.answer(query, as: make) }
        // It is another hub's, or of a time when this one had a database.
        if query.cursor != nil { throw HistoryAbsence.none }
        return try await store.answer(query.samples) { [name = store.name] in make(HistoryPage($0, from: name)) }
    }

    private static func document(_ page: HistoryPage, limit: Int) -> [UInt8] {
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
            writer.string(page.next)
            writer.name("source")
            writer.string(page.source)
            guard let notice = page.notice else { return }
            writer.name("notice")
            writer.string(notice)
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

extension HistoryQuery {
    /// Parameters that are not known, or have no value, ask for nothing.
    init(_ parameters: QueryParameters) throws(QueryProblem) {
        self.init()
        for item in parameters.items where !item.value.isEmpty {
            if item.name == "cursor", let cursor = HistoryCursor(text: item.value) {
                self.cursor = cursor
            } else {
                try samples.apply(item.name, item.value)
            }
        }
    }
}

extension LogQuery {
    /// The longest answer.
    static let longest = 10_000
    private static let labelPrefix = "label."

    fileprivate mutating func apply(_ parameter: String, _ value: String) throws(QueryProblem) {
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
