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

    /// Answers a known head. Nil when there is nothing more to do for it, otherwise what the task has to.
    func answer(_ known: KnownHead, with response: PreparedResponse) -> Step? {
        exchange = exchange.next(known, at: stream.state.now)
        return answer(with: response, standing: known.standing)
    }

    /// What stands as the answer to a request that nobody has to be asked about, and after which the connection goes on.
    func standingAnswer(to head: RequestHead) -> (any StandingAnswer)? {
        guard let find = context.standing, context.middleware.isEmpty, head.mayHaveStandingAnswer, head.keepAlive,
            !context.isDraining
        else { return nil }
        return find(head)
    }

    /// As with a known head, for one that has been read.
    func answer(_ head: RequestHead, with response: PreparedResponse, standing: any StandingAnswer) -> Step? {
        let step = answer(with: response, standing: standing)
        if step == nil { remember(head, admittedFor: [], standing, now: response) }
        return step
    }

    private func answer(with response: PreparedResponse, standing: any StandingAnswer) -> Step? {
        do throws(ConnectionError) {
            guard try sendAtOnce(response) else {
                unsent?.standing = (standing, response.status)
                return .finish
            }
        } catch {
            return .refuse(error)
        }
        tell(standing, of: response.status)
        // Whoever was asked for the answer may have begun a drain: then it has said that it is the last.
        return goesOn() ? nil : .end
    }

    func tell(_ standing: any StandingAnswer, of status: HTTPStatus) {
        standing.sent(status, after: exchange.received.nanoseconds(to: .now))
    }

    /// Remembers what stands as the answer to a request, when it has been seen before and nothing is special about it.
    @inline(never)
    func remember(
        _ head: RequestHead,
        admittedFor generations: [UInt64]?,
        _ standing: any StandingAnswer,
        now response: PreparedResponse
    ) {
        guard let generations, head.mayHaveStandingAnswer, exchange.keepsAlive,
            response.status.isSuccess, hasNothingPending, unsent == nil, !isParting, !context.isDraining,
            let hash = context.known.sight(head), !head.fields.contains("Upgrade"), !head.fields.contains("Expect")
        else { return }
        let known = KnownHead(head, hash: hash, from: origin, generations: generations, standing)
        // What it was admitted for may be over already.
        if known.isAdmitted(by: context.middleware) { context.known.remember(known) }
    }

    private var origin: KnownHead.Origin {
        KnownHead.Origin(listener: listener, identity: stream.identity)
    }
}
