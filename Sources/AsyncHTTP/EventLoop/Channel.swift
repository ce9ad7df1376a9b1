/// A descriptor on a loop, as a stream.
package final class Channel: ByteStream {
    package private(set) var descriptor: Descriptor

    /// Its number, for transfers: a field that never changes needs no check that nobody else is changing it.
    private let raw: Int32
    private var token: UInt64?
    private let isShared: Bool
    /// The open file has another owner.
    private var outlived = false

    /// - Parameter shared: other loops watch the same open file.
    package init(_ descriptor: consuming Descriptor, on loop: EventLoop, shared: Bool = false) throws(SystemError) {
        raw = descriptor.raw
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
        if isConnected { channel.become(readable: false, writable: true, peerClosed: false) }
        return channel
    }

    /// Waits for a descriptor that is somebody else's, such as a library's: its readiness is told here, and it stays open when
    /// this channel closes.
    package static func borrowing(_ raw: Int32, on loop: EventLoop) throws(SystemError) -> Channel {
        let copy = Descriptor(owning: raw)
        let descriptor: Descriptor
        do throws(SystemError) {
            descriptor = try copy.duplicate()
        } catch {
            _ = copy.release()
            throw error
        }
        _ = copy.release()
        let channel = try Channel(descriptor, on: loop)
        channel.outlived = true
        return channel
    }

    override func release() {
        guard let token else { return }
        self.token = nil
        // The open file lives on when others have it, and epoll would go on telling of it.
        state.deregister(self, token: token, shared: isShared || outlived)
        descriptor.close()
    }

    package override var peer: String? {
        guard let address = descriptor.peerAddress(), address.isInternet else { return nil }
        return "\(address)"
    }

    func handle(_ readiness: Readiness) {
        let isOver = !readiness.isDisjoint(with: [.peerClosed, .broken])
        become(
            readable: isOver || readiness.contains(.read),
            writable: !readiness.isDisjoint(with: [.write, .broken]),
            peerClosed: isOver
        )
    }

    // MARK: Transfers

    /// EAGAIN is rare here, because a short read is followed by none. So it may cost a system call to be sure that it lost
    /// no edge.
    private func rearm() {
        if let token { state.rearm(self, token: token) }
    }

    /// A short read says that the kernel has no more, which saves the read that would only say EAGAIN. Not so once the
    /// peer has finished: the end itself has yet to be read, and no new edge will announce it.
    package override func receive(limit: Int) -> Transfer {
        if isClosed { return .closed }
        // A read of nothing would look like the end.
        let asked = max(1, min(state.buffer.count, limit))
        let transfer = state.buffer.receive(from: raw, limit: asked)
        note(transfer, of: asked)
        return transfer
    }

    package override func receive(into memory: inout MutableRawSpan) -> Transfer {
        if isClosed { return .closed }
        let asked = memory.byteCount
        let transfer = Descriptor.receive(raw, into: &memory)
        note(transfer, of: asked)
        return transfer
    }

    @inline(__always)
    private func note(_ transfer: Transfer, of asked: Int) {
        switch transfer {
        case .bytes(let count) where count < asked && count > 0 && !isPeerClosed: markDrained()
        case .wouldBlock:
            markDrained()
            rearm()
        default: break
        }
    }

    package override func send(
        _ first: [UInt8],
        _ second: [UInt8],
        _ third: [UInt8],
        skipping skipped: Int
    ) -> Transfer {
        if isClosed { return .closed }
        let sentAtOnce = state.limits.sentAtOnce.bytes
        let transfer = Descriptor.send(raw, first, second, third, skipping: skipped, limit: sentAtOnce)
        if transfer == .wouldBlock { waitForRoom() }
        return transfer
    }

    package override func send(_ bytes: RawSpan) -> Transfer {
        if isClosed { return .closed }
        let transfer = Descriptor.send(raw, bytes)
        if transfer == .wouldBlock { waitForRoom() }
        return transfer
    }

    private func waitForRoom() {
        markFull()
        rearm()
    }

    package override func finishWriting() {
        descriptor.finishWriting()
    }

    package override func resetWhenClosed() {
        descriptor.resetWhenClosed()
    }

    func accept() throws(SystemError) -> Descriptor? {
        if isClosed { return nil }
        let accepted = try descriptor.accept()
        if accepted == nil { markDrained() }
        return accepted
    }
}
