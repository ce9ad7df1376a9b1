/// Receiving the body of a request.
extension Connection {
    /// Refuses one that is too long as soon as it says so.
    @inline(never)
    func beginBody(of request: Request) throws(ConnectionError) {
        // There are no tunnels here, and a 2xx would promise one (RFC 9110 section 9.3.6).
        if request.method == .connect { throw .noTunnels }
        body = request.head.framing == .none ? nil : BodyReader(request.head, limits: context.limits)
        if let announced = body?.announced, announced > context.limits.body.bytes { throw .bodyTooLong }
    }

    func limitBody(of exchange: UInt64, to limit: Int) throws(ConnectionError) {
        guard exchange == self.exchange.number else { throw .exchangeOver }
        guard let body else { return }
        body.lower(to: limit)
        if let announced = body.announced, announced > limit { throw .bodyTooLong }
    }

    func nextBodyPiece(of exchange: UInt64) async throws(ConnectionError) -> [UInt8]? {
        guard exchange == self.exchange.number else { throw .exchangeOver }
        guard let body else { return nil }
        return try await nextPiece(of: body)
    }

    private func nextPiece(of body: BodyReader) async throws(ConnectionError) -> [UInt8]? {
        if !body.hasBegun {
            body.hasBegun = true
            setDeadline(after: context.limits.bodyTimeout)
            guard chargePending(and: body.heldBytes) else { throw .tooMuchPending }
        }
        if body.awaitsContinue {
            body.awaitsContinue = false
            // A peer that has sent some of it already is not waiting, and one that is being answered would take it for a part
            // of its answer.
            if hasNothingPending, exchange.progress == .nothing { try await write(Self.continueHead, [], []) }
        }
        while !body.isOver {
            // Of a body whose length is known, nothing that stands behind it.
            let limit = body.announced ?? context.limits.receivedAtOnce.bytes
            if hasNothingPending { try await receiveBodyBytes(limit: limit) }
            let piece = try backlog.flatMap { backlog throws(ConnectionError) in try body.takePiece(of: &backlog.bytes)
            }
            guard chargePending(and: body.heldBytes) else { throw .tooMuchPending }
            if let piece { return piece }
        }
        return nil
    }

    private static let continueHead = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private func receiveBodyBytes(limit: Int) async throws(ConnectionError) {
        while true {
            await stream.takeTurn(limit: context.limits.pipelinedRequests)
            switch await stream.wait() {
            case .ready: break
            case .deadline: throw .bodyTimeout
            case .woken:
                if stream.isClosed { throw .closed }
                continue
            }
            switch stream.receive(limit: limit) {
            case .bytes(0), .failed: throw .closed
            case .bytes(let count):
                context.counters.bytesReceived.add(count)
                _ = keep(0..<count)
                return
            case .wouldBlock: continue
            }
        }
    }

    /// Receives what the handler left of the body, so that the next request is found behind it. What is too long, or not
    /// yet on its way, costs the connection instead.
    func endBody() async throws(ConnectionError) {
        guard let body else { return }
        self.body = nil
        if body.isOver { return parseBacklogNext() }
        let limit = context.limits.discardedBody.bytes
        guard exchange.keepsAlive, !body.awaitsContinue, body.announced ?? 0 <= limit else { return closeGently() }
        var discarded = 0
        while let piece = try await nextPiece(of: body) {
            discarded += piece.count
            if discarded > limit { return closeGently() }
        }
        parseBacklogNext()
    }

    private func closeGently() {
        closesGently = true
        exchange.keepsAlive = false
    }
}
