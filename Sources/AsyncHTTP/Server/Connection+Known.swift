/// Answering what is known, where it is received: no task is woken for it.
extension Connection: Attendant {
    /// Takes what has arrived while the connection's task waits. What is known is answered here; whatever needs a handler, or has
    /// to wait, is left in `arrived` for the task.
    func attend() -> Bool {
        stream.beginTurn()
        let step = receive(after: .ready)
        if case .wait = step { return true }
        arrived = step
        return false
    }

    /// The known head that the first `count` bytes of the loop's buffer are, if it is admitted.
    func knownHead(_ count: Int) -> KnownHead? {
        guard !context.isDraining else { return nil }
        let state = stream.state
        let known = state.withReceived(count) { bytes in context.known.find(bytes, from: origin) }
        guard let known else { return nil }
        guard known.isAdmitted(by: context.middleware) else {
            context.known.forget(known)
            return nil
        }
        return known
    }

    /// What is to be done next after it has been answered with this; nil is more of the same.
    func answer(_ known: KnownHead, with response: PreparedResponse) -> Step? {
        exchange = exchange.next(known, at: stream.state.now)
        do throws(ConnectionError) {
            guard try sendAtOnce(response) else { return .finish(known, response.status) }
        } catch {
            return .refuse(error)
        }
        known.sent(response.status, since: exchange.received)
        _ = goesOn()
        return nil
    }

    /// The rest of an answer that the peer's system has not taken at once.
    func finish(_ known: KnownHead, _ status: HTTPStatus) async throws(ConnectionError) {
        try await finishAnswer()
        known.sent(status, since: exchange.received)
    }

    /// Remembers what stands as the answer to a request, when it has been seen before and nothing is special about it.
    @inline(never)
    func remember(_ request: Request, _ standing: any StandingAnswer, now response: PreparedResponse) {
        standing.sent(response.status, after: MonotonicInstant.now.nanoseconds &- exchange.received.nanoseconds)
        let head = request.head
        guard head.method == .get || head.method == .head, head.framing == .none, head.keepAlive,
            response.status.isSuccess, let generations = request.generations,
            exchange.keepsAlive, hasNothingPending, unsent == nil, !isParting, !context.isDraining,
            let hash = context.known.sight(head), !head.fields.contains("Upgrade"), !head.fields.contains("Expect")
        else { return }
        let known = KnownHead(head, hash: hash, from: origin, generations: generations, standing, now: response)
        // What it was admitted for may be over already.
        if known.isAdmitted(by: context.middleware) { context.known.remember(known) }
    }

    private var origin: KnownHead.Origin {
        KnownHead.Origin(listener: listener, identity: stream.identity)
    }
}
