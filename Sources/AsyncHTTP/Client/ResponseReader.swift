/// Receives the answer to one request.
struct ResponseReader {
    private let connection: ClientConnection
    private let limits: ClientLimits
    private let attempt: ClientAttempt

    init(_ connection: ClientConnection, limits: ClientLimits, attempt: ClientAttempt) {
        self.connection = connection
        self.limits = limits
        self.attempt = attempt
    }

    /// - Returns: the answer, and whether the connection may carry another exchange.
    func read(answerTo method: HTTPMethod) async throws(ClientError) -> (ClientResponse, mayBeKept: Bool) {
        let until = MonotonicInstant.now.advanced(by: limits.firstByteTimeout)
        attempt.begin("waiting for the first byte of the answer", until: until)
        var skipped = 0
        while true {
            let head = try await readHead(method)
            guard head.isInformational else { return try await finish(head) }
            // RFC 9110 section 15.2: any number may come first, but not for ever. 101 was not asked for.
            skipped += 1
            guard head.status != 101, skipped <= limits.informationalAnswers else {
                throw ClientError(.malformed, "one answer \(head.status) too many before the real one")
            }
        }
    }

    private func readHead(_ method: HTTPMethod) async throws(ClientError) -> ResponseHead {
        var parser = ResponseParser(limits: limits.response, requestMethod: method)
        while true {
            if !connection.pending.isEmpty {
                attempt.begin("receiving the answer")
                if case .complete(let head, let consumed) = try step(of: &parser) {
                    connection.pending.drop(consumed)
                    return head
                }
            }
            guard try await connection.receive(attempt) else {
                throw ClientError(.closed, "the server closed the connection before it answered")
            }
        }
    }

    /// Not inlined: the parser would stand at each place where the function around it waits.
    @inline(never)
    private func step(of parser: inout ResponseParser) throws(ClientError) -> ResponseParser.Step {
        do throws(ResponseError) {
            return try connection.pending.withBytes { bytes throws(ResponseError) in try parser.parse(bytes) }
        } catch {
            throw ClientError(.malformed, "\(error)")
        }
    }

    private func finish(_ head: ResponseHead) async throws(ClientError) -> (ClientResponse, mayBeKept: Bool) {
        switch head.framing {
        case .none: return (ClientResponse(head: head, body: []), head.keepAlive)
        case .length(let length): return (ClientResponse(head: head, body: try await readBody(length)), head.keepAlive)
        case .chunked: return (ClientResponse(head: head, body: try await readChunks()), head.keepAlive)
        case .untilClose: return (ClientResponse(head: head, body: try await readToEnd()), false)
        }
    }

    private func readBody(_ length: Int) async throws(ClientError) -> [UInt8] {
        guard length <= limits.body.bytes else { throw tooLarge }
        while connection.pending.count < length {
            guard try await connection.receive(attempt) else { throw cutShort }
        }
        let body = connection.pending.copy(0..<length)
        connection.pending.drop(length)
        return body
    }

    private func readChunks() async throws(ClientError) -> [UInt8] {
        var decoder = ChunkedDecoder(limits: limits.chunks)
        var body: [UInt8] = []
        repeat {
            if connection.pending.isEmpty {
                guard try await connection.receive(attempt) else { throw cutShort }
            }
        } while try !takePiece(of: &decoder, into: &body)
        return body
    }

    /// Takes what has come; true at the body's end.
    @inline(never)
    private func takePiece(of decoder: inout ChunkedDecoder, into body: inout [UInt8]) throws(ClientError) -> Bool {
        let step: ChunkedDecoder.Step
        do throws(FramingError) {
            step = try connection.pending.withBytes { bytes throws(FramingError) in try decoder.decode(bytes) }
        } catch {
            throw ClientError(.malformed, "\(error)")
        }
        switch step {
        case .needMore(let consumed): connection.pending.drop(consumed)
        case .data(let range, let consumed):
            guard range.count <= limits.body.bytes - body.count else { throw tooLarge }
            body += connection.pending.copy(range)
            connection.pending.drop(consumed)
        case .end(let consumed):
            connection.pending.drop(consumed)
            return true
        }
        return false
    }

    private func readToEnd() async throws(ClientError) -> [UInt8] {
        while connection.pending.count <= limits.body.bytes {
            if try await !connection.receive(attempt) { return connection.pending.copy(0..<connection.pending.count) }
        }
        throw tooLarge
    }

    private var tooLarge: ClientError {
        ClientError(.tooLarge, "the answer's body is longer than \(limits.body.bytes) bytes")
    }

    private var cutShort: ClientError {
        ClientError(.closed, "the server closed the connection in the middle of its answer")
    }
}
