import AsyncHTTP

/// One connection of a load: sends the same bytes again and again, and opens itself anew where the last one has ended.
final class LoadConnection {
    private static let piecesAtOnce = 64

    private let target: LoadTarget
    private let loop: EventLoop
    private let receiveBuffer: ByteCount?
    private var stream: ByteStream?
    private var reader: AnswerReader
    private var addressInUse = 0
    private var isStopped = false
    /// Where it waits for its turn.
    let turn: Waiter

    /// - Parameter receiveBuffer: what the kernel takes for us before we read it, for a slow reader.
    init(_ target: LoadTarget, judge: BodyJudge, on loop: EventLoop, receiveBuffer: ByteCount? = nil) {
        self.target = target
        self.loop = loop
        self.receiveBuffer = receiveBuffer
        reader = AnswerReader(judge, to: target.method)
        turn = Waiter(on: loop)
    }

    /// Asks once and reads the answer to its end.
    ///
    /// - Returns: the bytes that came.
    func exchange(until deadline: MonotonicInstant) async throws(LoadFailure) -> Int {
        var isSent = false
        do throws(LoadFailure) {
            let stream = try await openStream(until: deadline)
            stream.setDeadline(deadline)
            let first = stream.send(target.request, [], [], skipping: 0)
            isSent = first == .bytes(target.request.count)
            if !isSent { isSent = try await sendRest(on: stream, after: first) }
            let count = try await receive(on: stream)
            if !isSent || !reader.keepsAlive || !target.keepAlive { close() }
            return count
        } catch {
            // After a whole answer that only said the wrong thing, the connection is as good as before.
            let isIntact = isSent && (error.kind == .status || error.kind == .body) && reader.isBetweenAnswers
            if !isIntact || !reader.keepsAlive || !target.keepAlive { close() }
            throw error
        }
    }

    func close() {
        stream?.close()
        stream = nil
    }

    /// Ends what is under way, and lets nothing begin any more.
    func stop() {
        isStopped = true
        close()
    }

    /// The stream that is open now, whatever has come on it.
    var open: ByteStream? { stream }

    /// The stream of an open connection: the kept one, or a new one when the server has ended that meanwhile.
    func openStream(until deadline: MonotonicInstant) async throws(LoadFailure) -> ByteStream {
        if let stream {
            if !stream.isPeerClosed && !stream.isClosed, !stream.isReadable || isSilent(stream) { return stream }
            close()
        }
        var failure = LoadFailure(.connect, "the name has no address")
        for attempt in target.addresses.indices {
            if isStopped { throw LoadFailure(.connect, "stopped") }
            let index = (addressInUse + attempt) % target.addresses.count
            do throws(LoadFailure) {
                let opened = try await connect(to: target.addresses[index], until: deadline)
                addressInUse = index
                return opened
            } catch {
                failure = error
                // Who was reached and is the wrong one is not a reason to look whether there is another.
                if error.kind == .tls { break }
                if loop.state.now >= deadline { break }
            }
        }
        throw failure
    }

    private func connect(
        to address: SocketAddress,
        until deadline: MonotonicInstant
    ) async throws(LoadFailure) -> ByteStream {
        reader.reset()
        let channel: Channel
        do throws(SystemError) {
            channel = try Channel.connecting(to: address, on: loop, receiveBuffer: receiveBuffer)
        } catch {
            throw LoadFailure(.connect, "\(error)")
        }
        stream = channel
        channel.setDeadline(deadline)
        do throws(StreamFailure) {
            try await channel.finishConnecting(to: address)
        } catch {
            switch error {
            case .deadline: throw LoadFailure(.connect, "\(address): no answer in time")
            case .woken: throw LoadFailure(.connect, "stopped")
            case .refused(let reason): throw LoadFailure(.connect, "\(address): \(reason)")
            case .failed(let error): throw LoadFailure(.connect, "\(error)")
            }
        }
        guard let security = target.security else { return channel }
        return try await secure(channel, security, until: deadline)
    }

    /// Puts encryption over a channel before anything is said there.
    private func secure(
        _ channel: Channel,
        _ security: StreamSecurity,
        until deadline: MonotonicInstant
    ) async throws(LoadFailure) -> ByteStream {
        channel.removeDeadline()
        let layered = LayeredStream(security, over: channel, on: loop)
        stream = layered
        layered.setDeadline(deadline)
        do throws(StreamFailure) {
            try await layered.establishAll()
        } catch {
            close()
            switch error {
            case .deadline: throw LoadFailure(.tls, "no handshake in time")
            case .woken: throw LoadFailure(.tls, "stopped")
            case .refused(let reason): throw LoadFailure(.tls, reason)
            case .failed(let error): throw LoadFailure(.tls, "\(error)")
            }
        }
        return layered
    }

    /// What has come between two answers is for the encryption alone, such as a ticket for another connection.
    private func isSilent(_ stream: ByteStream) -> Bool {
        stream.receive() == .wouldBlock
    }

    private func sendRest(on stream: ByteStream, after first: Transfer) async throws(LoadFailure) -> Bool {
        do throws(StreamFailure) {
            return try await stream.sendUnlessAnswered(target.request, after: first)
        } catch {
            throw LoadFailure(error)
        }
    }

    private func receive(on stream: ByteStream) async throws(LoadFailure) -> Int {
        var received = 0
        while true {
            let count: Int
            do throws(StreamFailure) { count = try await stream.receiveMore() } catch { throw LoadFailure(error) }
            if count == 0 {
                try reader.end()
                close()
                return received
            }
            received += count
            let isWhole = try stream.state.withReceived(count) { bytes throws(LoadFailure) in
                try reader.take(bytes)
            }
            if isWhole { return received }
            await stream.takeTurn(limit: Self.piecesAtOnce)
        }
    }
}

extension LoadFailure {
    /// Of an exchange.
    fileprivate init(_ failure: StreamFailure) {
        switch failure {
        case .deadline: self.init(.timeout, "the answer did not come in time")
        case .woken: self.init(.closed, "stopped")
        // Only encryption has words for it: a server that wants another certificate says so after the handshake.
        case .refused(let reason): self.init(.tls, reason)
        case .failed(let error): self.init(.reset, "\(error)")
        }
    }
}
