/// A connection to the client's server, and what has been received on it and not yet used.
final class ClientConnection {
    let channel: Channel
    var pending = ReceivedBytes()
    /// Something of the answer to the request under way has come.
    private(set) var hasReceived = false

    init(_ channel: Channel) {
        self.channel = channel
    }

    /// Nothing has been received since the last exchange, not even the end: another one may begin.
    var isQuiet: Bool { pending.isEmpty && !channel.isReadable && !channel.isPeerClosed && !channel.isClosed }

    /// Before each exchange.
    func begin() {
        hasReceived = false
    }

    func send(_ bytes: [UInt8], _ attempt: ClientAttempt) async throws(ClientError) {
        var sent = 0
        while sent < bytes.count {
            switch channel.send(bytes, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .wouldBlock: try await attempt.wait(for: channel, toWrite: true)
            case .failed(let code): throw ClientError(.reset, SystemError("send", errno: code))
            }
        }
    }

    /// Adds to what is pending. False at the connection's end.
    func receive(_ attempt: ClientAttempt) async throws(ClientError) -> Bool {
        while true {
            try await attempt.wait(for: channel)
            switch channel.receive() {
            case .bytes(0): return false
            case .bytes(let count):
                hasReceived = true
                pending.append(channel.state.buffer[..<count])
                await channel.takeTurn(limit: 64)
                return true
            case .wouldBlock: continue
            case .failed(let code): throw ClientError(.reset, SystemError("receive", errno: code))
            }
        }
    }

    func close() {
        channel.close()
    }
}

/// One request from its first byte to the answer's last: its deadlines, and the place where it waits.
final class ClientAttempt {
    private let until: MonotonicInstant
    private var phaseUntil = MonotonicInstant.distantFuture
    private var phase = "waiting"
    /// Whom a cancellation wakes.
    var current: Waiter?
    private(set) var isCancelled = false

    init(until: MonotonicInstant) {
        self.until = until
    }

    /// Begins a phase with a deadline of its own, within the whole one.
    func begin(_ phase: String, until instant: MonotonicInstant = .distantFuture) {
        self.phase = phase
        phaseUntil = instant
    }

    /// Whichever comes first.
    var deadline: MonotonicInstant { min(until, phaseUntil) }

    func cancel() {
        isCancelled = true
        current?.wake()
    }

    func wait(for channel: Channel, toWrite: Bool = false) async throws(ClientError) {
        channel.setDeadline(deadline)
        current = channel
        defer { current = nil }
        while true {
            if isCancelled { throw ClientError(.cancelled, "while \(phase)") }
            // Not left to the channel alone: a server that never pauses would never be late.
            if channel.state.now >= deadline { throw ClientError(.timeout, "while \(phase)") }
            switch await channel.wait(toWrite: toWrite) {
            case .ready: return
            case .deadline: throw ClientError(.timeout, "while \(phase)")
            case .woken where channel.isClosed: throw ClientError(.cancelled, "the client was closed while \(phase)")
            case .woken: continue
            }
        }
    }
}
