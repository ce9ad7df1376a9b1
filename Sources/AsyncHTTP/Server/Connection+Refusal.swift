/// Telling a peer what is wrong.
extension Connection {
    /// Answers what went wrong, when the peer is there and has not been told anything else.
    @inline(never)
    func refuse(_ error: any Error) async {
        // Nothing of it will be read, and the answer may wait long to be taken.
        releasePending()
        guard let response = refusal(of: error) else { return }
        do throws(ConnectionError) {
            if try !sendAtOnce(response) { try await finishAnswer() }
        } catch {
            // There is nobody to tell.
        }
    }

    @inline(never)
    private func refusal(of error: any Error) -> PreparedResponse? {
        exchange.keepsAlive = false
        let response = response(to: error)
        switch exchange.progress {
        case .nothing:
            closesGently = response != nil
            return response.flatMap { try? PreparedResponse($0) }
        case .begun:
            // Half an answer must not look like a whole one.
            stream.resetWhenClosed()
            return nil
        case .complete:
            closesGently = true
            return nil
        }
    }

    private func response(to error: any Error) -> Response? {
        switch error {
        case let error as RequestError:
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: error.status)
        case ConnectionError.malformedBody(let error):
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: error.status)
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
        case ConnectionError.tooManyConnections: return .tooManyConnections
        case ConnectionError.tooMuchPending:
            context.counters.reject(.tooMuchPending)
            return .text("too many requests wait here for their turn", status: .serviceUnavailable)
        case ConnectionError.noTunnels: return .text("this server makes no tunnels", status: .notImplemented)
        case ConnectionError.closed: return nil
        case is ConnectionError: return .text("internal error", status: .internalServerError)
        default:
            // A handler that is cancelled because its peer or the server goes has not failed.
            if !(error is CancellationError) {
                context.counters.reject(.handlerFailed)
                context.failed(error)
            }
            return .text("internal error", status: .internalServerError)
        }
    }
}

extension Response {
    static let tooManyConnections = Response.text("too many connections", status: .serviceUnavailable)
}
