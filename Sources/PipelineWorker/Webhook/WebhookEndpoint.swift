import AsyncHTTP
import JSON
import Synchronization
import Telemetry
import WebhookChecks
import Webhooks

/// `POST /webhook`: whoever has signed it gets 200 when its batch waits to be processed.
final class WebhookEndpoint: Sendable {
    /// In bytes. Longer bodies are read beside the loops, where nobody else waits for it.
    private static let long = 65_536

    private let gate: WebhookGate
    private let longest: ByteCount
    private let budget: BodyBudget
    private let queue: BatchQueue
    private let metrics: WebhookMetrics
    private let durations: Histogram?
    private let wallClock: @Sendable () -> Duration
    private let prefix: String
    private let reading: WorkThread
    private let underWay = Atomic<Int>(0)
    private let count = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - prefix: what batches' names begin with, told from those of other starts of the program.
    ///   - durations: of requests, beside what is counted of webhooks.
    ///   - reading: where long bodies are read.
    ///   - wallClock: the time since 1970.
    init(
        _ configuration: WebhookConfiguration,
        _ gate: WebhookGate,
        into queue: BatchQueue,
        _ metrics: WebhookMetrics,
        durations: Histogram?,
        prefix: String,
        reading: WorkThread? = nil,
        wallClock: @escaping @Sendable () -> Duration
    ) {
        longest = configuration.body
        budget = BodyBudget(configuration.bodies)
        self.gate = gate
        self.queue = queue
        self.metrics = metrics
        self.durations = durations
        self.prefix = prefix
        // None is refused: what waits there is bounded by the budget.
        self.reading = reading ?? WorkThread(capacity: configuration.bodies.bytes / Self.long)
        self.wallClock = wallClock
    }

    /// Those that have not been answered.
    var active: Int { underWay.load(ordering: .relaxed) }

    func answer(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        underWay.add(1, ordering: .relaxed)
        defer { underWay.subtract(1, ordering: .relaxed) }
        let response: Response
        do throws(WebhookProblem) {
            response = Self.json(.ok, ["status": "ok", "batch_id": .string(try await accepted(request))])
            note(request, metrics.accepted)
        } catch {
            metrics.count(error)
            note(request, metrics.refused)
            response = try Self.refusal(error)
        }
        return try await responder.send(response)
    }

    /// Before it is answered, so that whoever has the answer finds it counted.
    private func note(_ request: Request, _ outcome: Counter) {
        outcome.increment()
        let took = Double(request.received.nanoseconds(to: .now)) * 1e-9
        metrics.time.observe(took)
        durations?.observe(took)
    }

    /// The name of its batch, which waits from now on.
    private func accepted(_ request: Request) async throws(WebhookProblem) -> String {
        let body: [UInt8]
        do {
            body = try await request.body.collect(upTo: longest, within: budget)
        } catch {
            throw .body(error)
        }
        metrics.payload.increment(by: Double(body.count))
        let isLong = body.count > Self.long
        if isLong, !budget.keep(body.count) { throw .body(ConnectionError.tooMuchPending) }
        defer { if isLong { budget.release(body.count) } }
        let admission: WebhookAdmission
        do throws(WebhookRefusal) {
            // Which of several would be meant?
            guard request.fields.count(of: WebhookSignature.fieldName) < 2 else { throw .malformed }
            admission = try gate.admit(body, request.fields[WebhookSignature.fieldName], at: wallClock())
        } catch {
            throw .signature(error)
        }
        let batch = await batch(body)
        do throws(BatchQueue.Refusal) {
            try queue.add(batch)
        } catch {
            // It may be sent again.
            gate.takeBack(admission)
            throw .queue(error)
        }
        return batch.id
    }

    private func batch(_ body: [UInt8]) async -> Batch {
        let id = "\(prefix)-\(count.add(1, ordering: .relaxed).newValue)"
        let read: @Sendable () -> Batch = { Batch(id: id, body: body) }
        guard body.count > Self.long else { return read() }
        // It has been admitted: also if there is no thread, or the sender has gone.
        return await (try? reading.run(read)) ?? read()
    }

    /// What a sender is told. What is wrong with the connection itself is the server's to say.
    private static func refusal(_ problem: WebhookProblem) throws -> Response {
        guard let status = problem.status else { throw problem.cause }
        return json(
            status,
            ["status": "error", "message": .string(problem.description)],
            retryAfter: status == .serviceUnavailable
        )
    }

    private static func json(_ status: HTTPStatus, _ value: JSONValue, retryAfter: Bool = false) -> Response {
        var fields = HeaderFields()
        try? fields.append("Content-Type", "application/json")
        if retryAfter { try? fields.append("Retry-After", "1") }
        return Response(status: status, fields: fields, body: value.bytes)
    }
}
