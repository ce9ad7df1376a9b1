/// A descriptor on a loop: a task waits here until it may be read or written, or until its deadline.
///
/// It belongs to the loop's thread, in practice to an actor pinned there. One task waits at a time.
/// Safe although it holds an unsafe continuation: `resume` forgets it before it is resumed, so that happens once.
@safe final class Channel: Deadline {
    /// Why a wait has ended.
    enum Wake {
        case ready
        case deadline
        /// Somebody wants the waiting task to look at what has changed.
        case woken
    }

    let descriptor: Descriptor
    private(set) var isReadable = false
    private(set) var isWritable = false
    private(set) var isPeerClosed = false

    private let loop: EventLoop
    private var token: UInt64?
    private var isOverdue = false
    private var interest: Readiness = []
    private var waiter: UnsafeContinuation<Wake, Never>?

    /// - Parameter shared: other loops watch the same open file.
    init(_ descriptor: consuming Descriptor, on loop: EventLoop, shared: Bool = false) throws(SystemError) {
        self.descriptor = descriptor
        self.loop = loop
        super.init()
        token = try loop.state.register(self, shared: shared)
    }

    /// Leaves the loop; the descriptor closes with the channel.
    func close() {
        guard let token else { return }
        self.token = nil
        loop.state.deregister(self, token: token)
        wake()
    }

    func wait(toWrite: Bool = false) async -> Wake {
        if toWrite ? isWritable : isReadable { return .ready }
        if isOverdue { return .deadline }
        guard token != nil else { return .woken }
        precondition(unsafe waiter == nil, "two tasks wait for one channel")
        return unsafe await withUnsafeContinuation { continuation in
            interest = toWrite ? [.write] : [.read]
            unsafe waiter = continuation
        }
    }

    /// Ends a wait under way. Nothing when there is none.
    func wake() {
        resume(.woken)
    }

    func setDeadline(_ instant: MonotonicInstant) {
        isOverdue = false
        if token != nil { loop.state.setDeadline(of: self, to: instant) }
    }

    override func reached() {
        isOverdue = true
        resume(.deadline)
    }

    func handle(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.peerClosed, .broken]) { isPeerClosed = true }
        if !readiness.isDisjoint(with: [.read, .peerClosed, .broken]) { isReadable = true }
        if !readiness.isDisjoint(with: [.write, .broken]) { isWritable = true }
        if interest == .read ? isReadable : isWritable { resume(.ready) }
    }

    private func resume(_ wake: Wake) {
        guard let continuation = unsafe waiter else { return }
        unsafe waiter = nil
        unsafe continuation.resume(returning: wake)
    }
}

extension Channel {
    /// Receives into the loop's buffer.
    ///
    /// A short read says that the kernel has no more, which saves the read that would only say EAGAIN. Not so once the
    /// peer has finished: the end itself has yet to be read, and no new edge will announce it.
    func receive() -> Transfer {
        let state = loop.state
        let transfer = descriptor.receive(into: &state.buffer)
        switch transfer {
        case .bytes(let count) where count < state.buffer.count && count > 0 && !isPeerClosed: isReadable = false
        case .wouldBlock: isReadable = false
        default: break
        }
        return transfer
    }

    func send(_ first: RawSpan, _ second: RawSpan, _ third: RawSpan, skipping skipped: Int) -> Transfer {
        let transfer = descriptor.send(first, second, third, skipping: skipped)
        if transfer == .wouldBlock { isWritable = false }
        return transfer
    }

    func accept() throws(SystemError) -> Descriptor? {
        let accepted = try descriptor.accept()
        if accepted == nil { isReadable = false }
        return accepted
    }
}
