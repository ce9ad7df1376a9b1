import AsyncHTTP
import TelemetryServer

/// What a few components say, for one question: `GET /api/metrics/prometheus?component_name=…`. It is made where everything is
/// rendered, so that no scrape waits for it.
actor ExportEndpoint {
    private nonisolated let loop: EventLoop
    private nonisolated let publisher: LatestPublisher
    private nonisolated let negotiation = NegotiationTable()

    init(_ publisher: LatestPublisher, on loop: EventLoop) {
        self.publisher = publisher
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    nonisolated func answer(_ request: Request) async throws -> PreparedResponse {
        let representation = negotiation.representation(for: request.fields)
        let (name, number) = (request.query.given("component_name"), request.query.given("runtime_id"))
        if name == nil, number == nil {
            if let finished = publisher.scrape(representation) { return finished }
            return try await publisher.made(representation)
        }
        let runtimeID: Int64?
        do throws(QueryProblem) {
            runtimeID = try number.map { text throws(QueryProblem) in try LogQuery.runtimeID(text) }
        } catch {
            return try APIAnswer.error(.badRequest, error.description)
        }
        return try await made(LatestFilter(name: name, runtimeID: runtimeID), representation)
    }

    private func made(_ filter: LatestFilter, _ representation: Representation) throws -> PreparedResponse {
        try ScrapeSnapshot(publisher.bodies(filter), ready: []).made(representation)
    }
}

extension QueryParameters {
    /// A value that is not empty.
    func given(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
