/// One end of a connection in memory: what one end sends the other receives, on the same loop, without a socket.
///
/// An end that is let go of is closed, as a socket is when its process ends; that has to happen on its loop.
package final class MemoryStream: ByteStream {
    private let transfers: Transfers
    private var dice: TransferDice
    /// What the other end has sent and this one has not received yet.
    private var inbox = ReceivedBytes()
    /// How much is still to come before the pause.
    private var uncut: Int?
    private var isFinished = false
    private var isBroken = false
    private var breaksWhenClosed = false
    private weak var other: MemoryStream?
    private let alarm: Alarm

    /// Wakes a stream in the next tick.
    private final class Alarm: Deadline {
        weak var stream: MemoryStream?
        override func reached() { stream?.stallEnds() }
    }

    /// Two ends that are connected.
    package static func pair(_ transfers: Transfers = Transfers(), on loop: EventLoop) -> (MemoryStream, MemoryStream) {
        var others = transfers
        others.seed &+= 1
        let (one, two) = (MemoryStream(transfers, on: loop), MemoryStream(others, on: loop))
        (one.other, two.other) = (two, one)
        for end in [one, two] { end.become(readable: false, writable: true, peerClosed: false) }
        return (one, two)
    }

    private init(_ transfers: Transfers, on loop: EventLoop) {
        self.transfers = transfers
        dice = TransferDice(seed: transfers.seed)
        uncut = transfers.cut
        alarm = Alarm()
        super.init(on: loop)
        alarm.stream = self
    }

    deinit {
        // Its alarm may ring yet, for nobody. It may be the loop's queue of deadlines that lets go of this: nothing is taken
        // out of it.
        if !isClosed { leave() }
    }

    // MARK: Receiving

    package override func receive(limit: Int) -> Transfer {
        receive(at: min(state.buffer.count, limit)) { state.buffer.fill(with: $0) }
    }

    package override func receive(into memory: inout MutableRawSpan) -> Transfer {
        var received: [UInt8] = []
        let transfer = receive(at: memory.byteCount) { received = $0 }
        unsafe memory.withUnsafeMutableBytes { unsafe $0.copyBytes(from: received) }
        return transfer
    }

    /// - Parameter take: gets at most `most` bytes.
    private func receive(at most: Int, _ take: ([UInt8]) -> Void) -> Transfer {
        if isClosed { return .closed }
        if isBroken { return .reset }
        if inbox.isEmpty {
            if isFinished { return .bytes(0) }
            markDrained()
            return .wouldBlock
        }
        let isCut = uncut.map { $0 <= 0 } ?? false
        if isCut || dice.happens(onceIn: transfers.stalls) {
            if isCut { uncut = nil }
            markDrained()
            wakeNextTick()
            return .wouldBlock
        }
        let most = min(inbox.count, max(1, most), max(1, transfers.piece), uncut ?? .max)
        let count = transfers.isUneven ? dice.upTo(most) : most
        take(inbox.copy(0..<count))
        uncut = uncut.map { $0 - count }
        let wasFull = inbox.count >= transfers.window
        inbox.drop(count)
        if inbox.isEmpty, !isFinished { markDrained() }
        if wasFull, inbox.count < transfers.window {
            other?.become(readable: false, writable: true, peerClosed: false)
        }
        return .bytes(count)
    }

    private func deliver(_ bytes: ArraySlice<UInt8>) {
        inbox.append(bytes)
        become(readable: true, writable: false, peerClosed: false)
    }

    // MARK: Sending

    package override func send(
        _ first: [UInt8],
        _ second: [UInt8],
        _ third: [UInt8],
        skipping skipped: Int
    ) -> Transfer {
        send((first + second + third).dropFirst(skipped))
    }

    package override func send(_ bytes: RawSpan) -> Transfer {
        send(bytes.array(0..<bytes.byteCount)[...])
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
        if isClosed { return .closed }
        guard !isBroken, let other, !other.isClosed else { return .reset }
        if dice.happens(onceIn: transfers.stalls) {
            markFull()
            wakeNextTick()
            return .wouldBlock
        }
        let room = other.transfers.window - other.inbox.count
        guard room > 0 else {
            markFull()
            return .wouldBlock
        }
        let piece = bytes.prefix(min(room, max(1, transfers.room)))
        other.deliver(piece)
        return .bytes(piece.count)
    }

    package override func finishWriting() {
        other?.peerFinishes()
    }

    private func peerFinishes() {
        isFinished = true
        become(readable: true, writable: false, peerClosed: true)
    }

    package override func resetWhenClosed() {
        breaksWhenClosed = true
    }

    override func release() {
        state.removeDeadline(of: alarm)
        leave()
    }

    private func leave() {
        // As a kernel does: who closes with something unread tells the other that it was not received.
        if breaksWhenClosed || !inbox.isEmpty { other?.isBroken = true }
        other?.isFinished = true
        other?.become(readable: true, writable: true, peerClosed: true)
    }

    // MARK: Stalls

    private func wakeNextTick() {
        state.setDeadline(of: alarm, to: state.now)
    }

    private func stallEnds() {
        if isClosed { return }
        become(readable: !inbox.isEmpty || isFinished || isBroken, writable: true, peerClosed: false)
    }
}
