/// Telling a peer what is wrong.
extension Connection {
    /// Answers what went wrong, when the peer is there and has not been told anything else.
    @inline(never)
    func refuse() async {
        if let response = refusal() { _ = try? await Responder(connection: self).send(response) }
    }

    @inline(never)
    private func refusal() -> PreparedResponse? {
        exchange.keepsAlive = false
        guard let failure, let response = response(to: failure) else { return nil }
        closesGently = true
        return exchange.hasAnswered ? nil : try? PreparedResponse(response)
    }

    private func response(to error: any Error) -> Response? {
        switch error {
        case let error as RequestError:
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: error.status)
        case ConnectionError.malformedBody(let error):
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: .badRequest)
        case ConnectionError.bodyTooLong:
            return .text("the body is longer than this server takes", status: .contentTooLarge)
        case ConnectionError.headerTimeout:
            context.counters.reject(.headerTimeout)
            return .text("the request did not arrive in time", status: .requestTimeout)
        case ConnectionError.bodyTimeout:
            context.counters.reject(.bodyTimeout)
            return .text("the body did not arrive in time", status: .requestTimeout)
        case ConnectionError.writeTimeout:
            context.counters.reject(.writeTimeout)
            return nil
        case ConnectionError.tooManyConnections: return .text("too many connections", status: .serviceUnavailable)
        case ConnectionError.closed: return nil
        default: return .text("internal error", status: .internalServerError)
        }
    }
}
