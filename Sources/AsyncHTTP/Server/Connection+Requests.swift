/// Receiving requests.
extension Connection {
    /// What to do next.
    enum Step {
        case answer(Request)
        case wait
        /// It has had more than its share for now.
        case pause
        case refuse(any Error)
        case end
    }

    @inline(never)
    func receive(after wake: ByteStream.Wake) -> Step {
        guard isWelcome else { return refuse(ConnectionError.tooManyConnections) }
        let step = step(after: wake)
        return chargePending() ? step : refuse(ConnectionError.tooMuchPending)
    }

    private func step(after wake: ByteStream.Wake) -> Step {
        switch wake {
        case .ready: return receive()
        case .deadline:
            // The header timeout has passed, or the idle one, or that of a drain: only the first is worth an answer.
            return partial == nil || isParting ? .end : refuse(ConnectionError.headerTimeout)
        case .woken:
            // The connection has been cut, or the server drains.
            return stream.isClosed ? .end : receive()
        }
    }

    private func receive() -> Step {
        do throws(RequestError) {
            if hasUnparsed {
                if stream.spendTurn(limit: context.limits.pipelinedRequests) { return .pause }
                hasUnparsed = false
                if let head = try parsePending() { return .answer(begin(head)) }
            }
            while stream.isReadable {
                if stream.spendTurn(limit: context.limits.pipelinedRequests) { return .pause }
                switch stream.receive(limit: context.limits.receivedAtOnce.bytes) {
                case .bytes(0), .failed: return .end
                case .bytes(let count):
                    context.counters.bytesReceived.add(count)
                    if let head = try parse(received: count) { return .answer(begin(head)) }
                case .wouldBlock: break
                }
            }
            if stream.isClosed { return .end }
            if context.isDraining { part() }
            return .wait
        } catch {
            return refuse(error)
        }
    }

    /// A request may be on its way, or the rest of its head, that was sent before the peer could know.
    private func part() {
        if isParting { return }
        isParting = true
        setDeadline(after: context.limits.drainGrace)
    }

    private func begin(_ head: RequestHead) -> Request {
        isParting = false
        exchange.begin(head)
        return Request(head, RequestBody(connection: self, exchange: exchange.number))
    }

    private func refuse(_ error: any Error) -> Step {
        exchange.beginUnparsed()
        return .refuse(error)
    }

    /// Parses where the bytes are: only those of an incomplete request, and of those behind a complete one, are copied.
    private func parse(received count: Int) throws(RequestError) -> RequestHead? {
        let state = stream.state
        guard pending.isEmpty else {
            pending.append(state.buffer[..<count])
            return try parsePending()
        }
        var parser = RequestParser(limits: context.limits.request)
        let step = try state.withReceived(count) { bytes throws(RequestError) in try parser.parse(bytes) }
        switch step {
        case .complete(let head, let consumed):
            if consumed < count {
                pending.append(state.buffer[consumed..<count])
                hasUnparsed = true
            }
            return head
        case .incomplete:
            pending.append(state.buffer[..<count])
            begin(parser)
            return nil
        }
    }

    private func parsePending() throws(RequestError) -> RequestHead? {
        var parser = partial?.parser ?? RequestParser(limits: context.limits.request)
        let step = try pending.withBytes { bytes throws(RequestError) in try parser.parse(bytes) }
        switch step {
        case .complete(let head, let consumed):
            pending.drop(consumed)
            partial = nil
            hasUnparsed = !pending.isEmpty
            return head
        case .incomplete:
            if let partial { partial.parser = parser } else { begin(parser) }
            return nil
        }
    }

    /// The rest of the request has to come in time. For the first one, the time runs since the connection's beginning.
    private func begin(_ parser: RequestParser) {
        partial = PartialRequest(parser)
        if exchange.number > 0, !isParting { setDeadline(after: context.limits.headerTimeout) }
    }
}

/// The parser of a request whose head is still incomplete, kept apart so that idle connections do without.
final class PartialRequest {
    var parser: RequestParser

    init(_ parser: RequestParser) {
        self.parser = parser
    }
}
