/// A connection to the client's server, and what has been received on it and not yet used.
final class ClientConnection {
    let stream: ByteStream
    var pending = ReceivedBytes()
    /// Something of the answer to the request under way has come.
    private(set) var hasReceived = false

    init(_ stream: ByteStream) {
        self.stream = stream
    }

    /// Nothing has been received since the last exchange, not even the end: another one may begin.
    var isQuiet: Bool { pending.isEmpty && !stream.isReadable && !stream.isPeerClosed && !stream.isClosed }

    /// What has come since may have been for the stream alone, as a ticket for another connection is.
    func settles() -> Bool {
        guard pending.isEmpty, !stream.isPeerClosed, !stream.isClosed else { return false }
        return !stream.isReadable || stream.receive() == .wouldBlock
    }

    /// Before each exchange.
    func begin() {
        hasReceived = false
    }

    func send(_ bytes: [UInt8], _ attempt: ClientAttempt) async throws(ClientError) {
        try await attempt.use(stream) { () throws(StreamFailure) in try await stream.sendAll(bytes) }
    }

    /// Adds to what is pending. False at the connection's end.
    func receive(_ attempt: ClientAttempt) async throws(ClientError) -> Bool {
        let count = try await attempt.use(stream) { () throws(StreamFailure) in try await stream.receiveMore() }
        if count == 0 { return false }
        hasReceived = true
        stream.state.withReceived(count) { pending.append($0) }
        await stream.takeTurn(limit: 64)
        return true
    }

    func close() {
        stream.close()
    }
}

/// One request from its first byte to the answer's last: its deadlines, and the place where it waits.
final class ClientAttempt {
    private let until: MonotonicInstant
    private var phaseUntil = MonotonicInstant.distantFuture
    /// What is being done, in messages.
    var phase = "waiting"
    private var failing = ClientError.Kind.reset
    /// Whom a cancellation wakes.
    var current: Waiter?
    private(set) var isCancelled = false

    init(until: MonotonicInstant) {
        self.until = until
    }

    /// Begins a phase with a deadline of its own, within the whole one.
    ///
    /// - Parameter failing: what it is when a system call of this phase fails.
    func begin(
        _ phase: String,
        until instant: MonotonicInstant = .distantFuture,
        failing: ClientError.Kind = .reset
    ) {
        self.phase = phase
        self.failing = failing
        phaseUntil = instant
    }

    /// Whichever comes first.
    var deadline: MonotonicInstant { min(until, phaseUntil) }

    func cancel() {
        isCancelled = true
        current?.wake()
    }

    /// Waits for the server on a stream, within the time of the phase.
    func use<Value>(
        _ stream: ByteStream,
        _ work: () async throws(StreamFailure) -> Value
    ) async throws(ClientError) -> Value {
        if isCancelled { throw ClientError(.cancelled, "while \(phase)") }
        // Not left to the stream alone: a server that never pauses would never be late.
        if stream.state.now >= deadline { throw ClientError(.timeout, "while \(phase)") }
        stream.setDeadline(deadline)
        current = stream
        defer { current = nil }
        do throws(StreamFailure) {
            return try await work()
        } catch {
            switch error {
            case .deadline: throw ClientError(.timeout, "while \(phase)")
            case .woken where isCancelled: throw ClientError(.cancelled, "while \(phase)")
            case .woken: throw ClientError(.cancelled, "the client was closed while \(phase)")
            case .failed(let error): throw ClientError(failing, error)
            case .refused(let reason): throw ClientError(.tls, reason)
            }
        }
    }
}
