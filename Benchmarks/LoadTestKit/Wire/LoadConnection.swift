import AsyncHTTP

/// One connection of a load: sends the same bytes again and again, and opens itself anew where the last one has ended.
final class LoadConnection {
    private static let piecesAtOnce = 64

    private let target: LoadTarget
    private let loop: EventLoop
    private let receiveBuffer: ByteCount?
    private var channel: Channel?
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
        reader = AnswerReader(judge)
        turn = Waiter(on: loop)
    }

    /// Asks once and reads the answer to its end.
    ///
    /// - Returns: the bytes that came.
    func exchange(until deadline: MonotonicInstant) async throws(LoadFailure) -> Int {
        do throws(LoadFailure) {
            let channel = try await openChannel(until: deadline)
            channel.setDeadline(deadline)
            do throws(StreamFailure) { try await channel.sendAll(target.request) } catch { throw LoadFailure(error) }
            let count = try await receive(on: channel)
            if !reader.keepsAlive || !target.keepAlive { close() }
            return count
        } catch {
            // After a whole answer that only said the wrong thing, the connection is as good as before.
            let isIntact = (error.kind == .status || error.kind == .body) && reader.isBetweenAnswers
            if !isIntact || !reader.keepsAlive || !target.keepAlive { close() }
            throw error
        }
    }

    func close() {
        channel?.close()
        channel = nil
    }

    /// Ends what is under way, and lets nothing begin any more.
    func stop() {
        isStopped = true
        close()
    }

    /// The channel that is open now, whatever has come on it.
    var open: Channel? { channel }

    /// The channel of an open connection: the kept one, or a new one when the server has ended that meanwhile.
    func openChannel(until deadline: MonotonicInstant) async throws(LoadFailure) -> Channel {
        if let channel {
            if !channel.isPeerClosed && !channel.isReadable && !channel.isClosed { return channel }
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
                if loop.state.now >= deadline { break }
            }
        }
        throw failure
    }

    private func connect(
        to address: SocketAddress,
        until deadline: MonotonicInstant
    ) async throws(LoadFailure) -> Channel {
        reader.reset()
        let opened: Channel
        do throws(SystemError) {
            opened = try Channel.connecting(to: address, on: loop, receiveBuffer: receiveBuffer)
        } catch {
            throw LoadFailure(.connect, "\(error)")
        }
        channel = opened
        opened.setDeadline(deadline)
        do throws(StreamFailure) {
            try await opened.finishConnecting(to: address)
            return opened
        } catch {
            switch error {
            case .deadline: throw LoadFailure(.connect, "\(address): no answer in time")
            case .woken: throw LoadFailure(.connect, "stopped")
            case .refused(let reason): throw LoadFailure(.connect, "\(address): \(reason)")
            case .failed(let error): throw LoadFailure(.connect, "\(error)")
            }
        }
    }

    private func receive(on channel: Channel) async throws(LoadFailure) -> Int {
        var received = 0
        while true {
            let count: Int
            do throws(StreamFailure) { count = try await channel.receiveMore() } catch { throw LoadFailure(error) }
            if count == 0 {
                try reader.end()
                close()
                return received
            }
            received += count
            let isWhole = try channel.state.withReceived(count) { bytes throws(LoadFailure) in
                try reader.take(bytes)
            }
            if isWhole { return received }
            await channel.takeTurn(limit: Self.piecesAtOnce)
        }
    }
}

extension LoadFailure {
    /// Of an exchange.
    fileprivate init(_ failure: StreamFailure) {
        switch failure {
        case .deadline: self.init(.timeout, "the answer did not come in time")
        case .woken: self.init(.closed, "stopped")
        case .refused(let reason): self.init(.closed, reason)
        case .failed(let error): self.init(.reset, "\(error)")
        }
    }
}
