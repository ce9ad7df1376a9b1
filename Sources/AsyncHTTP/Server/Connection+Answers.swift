/// Sending answers.
extension Connection {
    /// Sends an answer as far as the peer takes it now.
    /// - Returns: whether that was all; otherwise `finishAnswer` does the rest.
    @inline(never)
    func sendAtOnce(_ response: PreparedResponse) throws(ConnectionError) -> Bool {
        beginAnswer(response.status)
        try writeAtOnce(response.head, dateLine(), exchange.isHead ? [] : response.body)
        if unsent == nil { exchange.progress = .complete }
        return unsent == nil
    }

    func finishAnswer() async throws(ConnectionError) {
        let standing = unsent?.standing
        try await finishSending()
        exchange.progress = .complete
        if let standing { tell(standing.answer, of: standing.status) }
    }

    /// - Returns: whether a body is wanted.
    func beginStream(_ status: HTTPStatus, _ fields: HeaderFields) async throws -> Bool {
        let isChunked = exchange.version == .http11
        var head = ResponseHeadWriter()
        head.statusLine(status)
        try head.fields(fields)
        if status.mayHaveBody, !status.mayHaveContent {
            head.contentLength(0)
        } else if isChunked, status.mayHaveBody {
            head.chunked()
        }
        let hasBody = !exchange.isHead && status.mayHaveContent
        if !isChunked { exchange.keepsAlive = false }
        beginAnswer(status)
        exchange.isChunked = isChunked
        try await write(head.bytes, dateLine(), [])
        if !hasBody { exchange.progress = .complete }
        return hasBody
    }

    func writePiece(_ bytes: [UInt8]) async throws(ConnectionError) {
        // An empty chunk would be the last one.
        if bytes.isEmpty { return }
        guard exchange.isChunked else { return try await write(bytes, [], []) }
        try await write(Array("\(String(bytes.count, radix: 16))\r\n".utf8), bytes, Self.lineEnd)
    }

    func endStream() async throws(ConnectionError) {
        if exchange.isChunked { try await write(Self.lastChunk, [], []) }
        exchange.progress = .complete
    }

    private static let lineEnd = Array("\r\n".utf8)
    private static let lastChunk = Array("0\r\n\r\n".utf8)

    private func beginAnswer(_ status: HTTPStatus) {
        exchange.progress = .begun
        context.counters.answer(status: status.code)
        // A draining server says goodbye with the last request that it has received.
        if context.isDraining, hasNothingPending { exchange.keepsAlive = false }
        // A peer that was not told to send its body may do so or not: nobody knows where its next request would begin.
        // Nor is one read that is too long.
        if let body, body.awaitsContinue || body.announced ?? 0 > body.limit { exchange.keepsAlive = false }
    }

    private func dateLine() -> [UInt8] {
        let persistence: DateLine.Persistence =
            !exchange.keepsAlive ? .closing : exchange.version == .http10 ? .keptExplicitly : .kept
        return context.dateLine.bytes(persistence, now: stream.state.now)
    }

    // MARK: Writing

    func write(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8]) async throws(ConnectionError) {
        try writeAtOnce(first, second, third)
        try await finishSending()
    }

    /// Sends three pieces in one system call, as far as the peer takes them.
    private func writeAtOnce(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8]) throws(ConnectionError) {
        let total = first.count + second.count + third.count
        var sent = 0
        switch stream.send(first, second, third, skipping: 0) {
        case .bytes(let count): sent = count
        case .wouldBlock: break
        case .failed: throw .closed
        }
        context.counters.bytesSent.add(sent)
        if sent < total { unsent = Unsent(pieces: (first, second, third), sent: sent, total: total) }
    }

    /// Waits until the peer has taken everything.
    private func finishSending() async throws(ConnectionError) {
        guard let rest = unsent else { return }
        unsent = nil
        setDeadline(after: context.limits.writeTimeout)
        while rest.sent < rest.total {
            switch await stream.wait(for: .write) {
            case .ready: break
            case .deadline: throw .writeTimeout
            case .woken:
                if stream.isClosed { throw .closed }
                continue
            }
            switch stream.send(rest.pieces.0, rest.pieces.1, rest.pieces.2, skipping: rest.sent) {
            case .bytes(let count):
                context.counters.bytesSent.add(count)
                rest.sent += count
                if rest.sent < rest.total { await stream.pause() }
            case .wouldBlock: continue
            case .failed: throw .closed
            }
        }
    }
}

/// An answer that a slow peer has not taken to its end.
final class Unsent {
    let pieces: ([UInt8], [UInt8], [UInt8])
    let total: Int
    var sent: Int
    /// Who is to be told when all of it has been sent.
    var standing: (answer: any StandingAnswer, status: HTTPStatus)?

    init(pieces: ([UInt8], [UInt8], [UInt8]), sent: Int, total: Int) {
        self.pieces = pieces
        self.sent = sent
        self.total = total
    }
}
