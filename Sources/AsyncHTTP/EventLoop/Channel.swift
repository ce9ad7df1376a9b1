/// A descriptor on a loop: a task waits here until it may be read or written.
package final class Channel: Waiter {
    package private(set) var descriptor: Descriptor
    package private(set) var isReadable = false
    private(set) var isWritable = false
    package private(set) var isPeerClosed = false

    private var token: UInt64?
    private let isShared: Bool
    private var turns = 0
    private var interest: Readiness = []

    /// - Parameter shared: other loops watch the same open file.
    package init(_ descriptor: consuming Descriptor, on loop: EventLoop, shared: Bool = false) throws(SystemError) {
        self.descriptor = descriptor
        isShared = shared
        super.init(on: loop)
        token = try state.register(self, shared: shared)
    }

    /// Begins to connect: when the channel can be written, its descriptor's `connectionError` says what has become of it.
    ///
    /// - Parameter receiveBuffer: what the kernel takes for us before we read it, for a slow reader.
    package static func connecting(
        to address: SocketAddress,
        on loop: EventLoop,
        receiveBuffer: ByteCount? = nil
    ) throws(SystemError) -> Channel {
        let descriptor = try Descriptor.streamSocket(family: address.family)
        if address.isInternet { descriptor.disableNagle() }
        if let receiveBuffer { try descriptor.setReceiveBuffer(receiveBuffer) }
        let isConnected = try descriptor.connect(to: address)
        let channel = try Channel(descriptor, on: loop)
        channel.isWritable = isConnected
        return channel
    }

    /// Closed by its owner: whoever waits, or would, is to give up.
    package var isClosed: Bool { token == nil }

    /// Closes the descriptor and leaves the loop.
    package func close() {
        guard let token else { return }
        self.token = nil
        state.deregister(self, token: token, shared: isShared)
        descriptor.close()
        retire()
    }

    package func wait(toWrite: Bool = false) async -> Wake {
        if isClosed { return .woken }
        // First: a peer that keeps the channel ready must not outrun its deadline.
        if isOverdue { return .deadline }
        if toWrite ? isWritable : isReadable { return .ready }
        interest = toWrite ? [.write] : [.read]
        return await suspend()
    }

    /// As `wait`, for a channel that is not readable now.
    func parkToRead(_ continuation: UnsafeContinuation<Wake, Never>) {
        interest = [.read]
        unsafe park(continuation)
        if isClosed { wake() }
    }

    /// To be called before each piece of work. True after `limit` of them, and at least one: it is time to pause.
    func spendTurn(limit: Int) -> Bool {
        if turns < max(1, limit) {
            turns += 1
            return false
        }
        turns = 0
        return true
    }

    /// Lets other channels have their turn.
    @inline(never)
    func pause() async {
        await withCheckedContinuation { state.resumeNextTick($0) }
    }

    package func takeTurn(limit: Int) async {
        if spendTurn(limit: limit) { await pause() }
    }

    func handle(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.peerClosed, .broken]) { isPeerClosed = true }
        if !readiness.isDisjoint(with: [.read, .peerClosed, .broken]) { isReadable = true }
        if !readiness.isDisjoint(with: [.write, .broken]) { isWritable = true }
        if interest == .read ? isReadable : isWritable { resume(.ready) }
    }

    /// To be told by whoever reads the descriptor in another way that there is no more for now.
    package func markDrained() {
        isReadable = false
    }

    // MARK: Transfers

    /// EAGAIN is rare here, because a short read is followed by none. So it may cost a system call to be sure that it lost
    /// no edge.
    private func rearm() {
        if let token { state.rearm(self, token: token) }
    }

    /// Receives into the loop's buffer, at most `limit` bytes.
    ///
    /// A short read says that the kernel has no more, which saves the read that would only say EAGAIN. Not so once the
    /// peer has finished: the end itself has yet to be read, and no new edge will announce it.
    package func receive(limit: Int = .max) -> Transfer {
        if isClosed { return .closed }
        // A read of nothing would look like the end.
        let asked = max(1, min(state.buffer.count, limit))
        let transfer = descriptor.receive(into: &state.buffer, limit: asked)
        switch transfer {
        case .bytes(let count) where count < asked && count > 0 && !isPeerClosed: isReadable = false
        case .wouldBlock:
            isReadable = false
            rearm()
        default: break
        }
        return transfer
    }

    package func send(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8], skipping skipped: Int) -> Transfer {
        if isClosed { return .closed }
        let transfer = descriptor.send(first, second, third, skipping: skipped, limit: state.limits.sentAtOnce.bytes)
        if transfer == .wouldBlock {
            isWritable = false
            rearm()
        }
        return transfer
    }

    func accept() throws(SystemError) -> Descriptor? {
        if isClosed { return nil }
        let accepted = try descriptor.accept()
        if accepted == nil { isReadable = false }
        return accepted
    }
}
