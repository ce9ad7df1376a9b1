/// Receiving requests.
extension Connection {
    /// What to do next.
    enum Step {
        case answer(Request)
        /// What is known has been answered, as far as the peer takes it now.
        case finish
        case wait
        /// It has had more than its share for now.
        case pause
        case refuse(any Error)
        case end
    }

    @inline(never)
    func receive(after wake: ByteStream.Wake) -> Step {
        if let step = arrived {
            arrived = nil
            return step
        }
        guard isWelcome else { return refuse(ConnectionError.tooManyConnections) }
        let step = step(after: wake)
        if chargePending() { return step }
        guard case .finish = step else { return refuse(ConnectionError.tooMuchPending) }
        // Nothing can be said in the midst of an answer: it is the last, and what stands behind it is not read.
        context.counters.reject(.tooMuchPending)
        exchange.keepsAlive = false
        releasePending()
        return step
    }

    private func step(after wake: ByteStream.Wake) -> Step {
        switch wake {
        case .ready: return receive()
        case .deadline:
            // The header timeout has passed, or the idle one, or that of a drain: only the first is worth an answer.
            return backlog?.parser == nil || isParting ? .end : refuse(ConnectionError.headerTimeout)
        case .woken:
            // The connection has been cut, or the server drains.
            return stream.isClosed ? .end : receive()
        }
    }

    private func receive() -> Step {
        do throws(RequestError) {
            while true {
                let isUnparsed = backlog?.isUnparsed ?? false
                guard isUnparsed || stream.isReadable else { break }
                if stream.spendTurn(limit: context.limits.pipelinedRequests) { return .pause }
                // What has been received comes first: behind it may be the end.
                if let step = isUnparsed ? try nextOfBacklog() : try receiveMore() { return step }
            }
            if stream.isClosed { return .end }
            if context.isDraining { part() }
            return .wait
        } catch {
            return refuse(error)
        }
    }

    /// Nil when there is nothing more to do with it.
    private func nextOfBacklog() throws(RequestError) -> Step? {
        guard let backlog else { return nil }
        backlog.isUnparsed = false
        guard let head = try parse(backlog) else { return nil }
        return begin(head)
    }

    private func receiveMore() throws(RequestError) -> Step? {
        switch stream.receive(limit: context.limits.receivedAtOnce.bytes) {
        case .bytes(0), .failed: return .end
        case .bytes(let count):
            context.counters.bytesReceived.add(count)
            if backlog == nil, let known = knownHead(count), let response = known.answer(in: context.known) {
                return answer(known, with: response)
            }
            guard let head = try parse(received: count) else { return nil }
            return begin(head)
        case .wouldBlock: return nil
        }
    }

    /// A request may be on its way, or the rest of its head, that was sent before the peer could know.
    private func part() {
        if isParting { return }
        isParting = true
        setDeadline(after: context.limits.drainGrace)
    }

    /// Nil when it has been answered.
    private func begin(_ head: RequestHead) -> Step? {
        isParting = false
        exchange = exchange.next(head, at: stream.state.now)
        if let standing = standingAnswer(to: head), let response = standing.current() {
            return answer(head, with: response, standing: standing)
        }
        return .answer(Request(head, RequestBody(connection: self, exchange: exchange.number)))
    }

    private func refuse(_ error: any Error) -> Step {
        exchange = exchange.nextUnparsed()
        return .refuse(error)
    }

    /// Parses where the bytes are: only those of an incomplete request, and of those behind a complete one, are copied.
    private func parse(received count: Int) throws(RequestError) -> RequestHead? {
        if backlog != nil { return try parse(keep(0..<count)) }
        var parser = RequestParser(limits: context.limits.request)
        let step = try stream.state.withReceived(count) { bytes throws(RequestError) in try parser.parse(bytes) }
        switch step {
        case .complete(let head, let consumed):
            if consumed < count { keep(consumed..<count).isUnparsed = true }
            return head
        case .incomplete:
            begin(parser, in: keep(0..<count))
            return nil
        }
    }

    private func parse(_ backlog: Backlog) throws(RequestError) -> RequestHead? {
        let hasBegun = backlog.parser != nil
        // Taken, so that nobody else holds what it keeps, which would be copied with every piece.
        var parser = backlog.parser.take() ?? RequestParser(limits: context.limits.request)
        let step = try backlog.bytes.withBytes { bytes throws(RequestError) in try parser.parse(bytes) }
        switch step {
        case .complete(let head, let consumed):
            backlog.bytes.drop(consumed)
            backlog.isUnparsed = !backlog.bytes.isEmpty
            return head
        case .incomplete:
            if hasBegun { backlog.parser = parser } else { begin(parser, in: backlog) }
            return nil
        }
    }

    /// The rest of the request has to come in time. For the first one, the time runs since the connection's beginning.
    private func begin(_ parser: RequestParser, in backlog: Backlog) {
        backlog.parser = parser
        if exchange.number > 0, !isParting { setDeadline(after: context.limits.headerTimeout) }
    }
}
