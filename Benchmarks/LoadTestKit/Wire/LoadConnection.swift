import AsyncHTTP
import Glibc

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
            try await send(on: channel)
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
        var isConnected: Bool
        do throws(SystemError) {
            let descriptor = try Descriptor.streamSocket(family: address.family)
            if address.isInternet { descriptor.disableNagle() }
            if let receiveBuffer { try descriptor.set(SO_RCVBUF, to: Int32(clamping: receiveBuffer.bytes)) }
            isConnected = try descriptor.connect(to: address)
            opened = try Channel(descriptor, on: loop)
        } catch {
            throw LoadFailure(.connect, "\(error)")
        }
        channel = opened
        opened.setDeadline(deadline)
        while !isConnected {
            switch await opened.wait(toWrite: true) {
            case .ready: isConnected = true
            case .deadline: throw LoadFailure(.connect, "\(address): no answer in time")
            case .woken: throw LoadFailure(.connect, "stopped")
            }
            let code = opened.descriptor.connectionError()
            if code != 0 {
                throw LoadFailure(.connect, "\(SystemError("connect", errno: code, subject: "\(address)"))")
            }
        }
        return opened
    }

    private func send(on channel: Channel) async throws(LoadFailure) {
        var sent = 0
        while sent < target.request.count {
            switch channel.send(target.request, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .wouldBlock: try await wait(channel, toWrite: true)
            case .failed(let code): throw LoadFailure(.reset, "\(SystemError("send", errno: code))")
            }
        }
    }

    private func receive(on channel: Channel) async throws(LoadFailure) -> Int {
        var received = 0
        while true {
            try await wait(channel)
            switch channel.receive() {
            case .bytes(0):
                try reader.end()
                close()
                return received
            case .bytes(let count):
                received += count
                let isWhole = try channel.state.withReceived(count) { bytes throws(LoadFailure) in
                    try reader.take(bytes)
                }
                if isWhole { return received }
                await channel.takeTurn(limit: Self.piecesAtOnce)
            case .wouldBlock: continue
            case .failed(let code): throw LoadFailure(.reset, "\(SystemError("receive", errno: code))")
            }
        }
    }

    private func wait(_ channel: Channel, toWrite: Bool = false) async throws(LoadFailure) {
        switch await channel.wait(toWrite: toWrite) {
        case .ready: return
        case .deadline: throw LoadFailure(.timeout, "the answer did not come in time")
        case .woken: throw LoadFailure(.closed, "stopped")
        }
    }
}
