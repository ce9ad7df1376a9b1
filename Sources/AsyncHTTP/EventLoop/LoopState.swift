/// What belongs to the loop's own thread: who is registered, what is due, and which jobs are to run.
package final class LoopState {
    /// The token of the inbox's eventfd; channels have theirs from their slots.
    private static let inboxToken = UInt64.max

    private struct Slot {
        var generation: UInt32 = 0
        var channel: Channel?
    }

    let limits: EventLoopLimits
    /// When this tick began. Deadlines are reckoned from it, so that a tick reads the clock once.
    package var now: MonotonicInstant { tickBegan }
    /// Where streams of this loop receive.
    let buffer: ReceiveBuffer
    /// Where those that encrypt put together what they send; there is none before one does.
    private(set) lazy var records = RecordBuffer()

    private let selector: Selector
    private var tickBegan = MonotonicInstant.now
    /// Something has run since then, so that it may be long ago.
    private var hasRun = false
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    private let deadlines = DeadlineQueue()
    private let jobs = JobQueue()
    private var yielding: [CheckedContinuation<Void, Never>] = []
    private var turns: [Deadline] = []
    private var isStopping = false
    /// There are jobs, or tasks that let others go first: known without looking at them.
    private var hasWork = false

    init(limits: EventLoopLimits, inbox: Int32) throws(SystemError) {
        self.limits = limits
        buffer = ReceiveBuffer(limits.receiveBuffer)
        selector = try Selector(eventsPerWait: limits.eventsPerTick)
        try selector.register(inbox, token: Self.inboxToken)
    }

    /// Hands over the first `count` bytes of the buffer.
    package func withReceived<Result, Failure: Error>(
        _ count: Int,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try buffer.withBytes(count, body)
    }

    // MARK: Channels

    /// - Returns: the token under which the channel's events arrive. A stale event of a descriptor that has been closed
    ///   and whose number lives on is recognised by its generation.
    func register(_ channel: Channel, shared: Bool) throws(SystemError) -> UInt64 {
        let index = freeSlots.popLast() ?? UInt32(truncatingIfNeeded: slots.count)
        if Int(index) == slots.count { slots.append(Slot()) }
        let token = UInt64(slots[Int(index)].generation) << 32 | UInt64(index)
        do throws(SystemError) {
            try selector.register(channel.descriptor.raw, token: token, shared: shared)
        } catch {
            freeSlots.append(index)
            throw error
        }
        slots[Int(index)].channel = channel
        return token
    }

    /// To be followed by a close, which takes the descriptor out of epoll, unless other loops share the open file.
    func deregister(_ channel: Channel, token: UInt64, shared: Bool) {
        let index = Int(token & 0xFFFF_FFFF)
        if shared { selector.deregister(channel.descriptor.raw) }
        slots[index].channel = nil
        slots[index].generation &+= 1
        freeSlots.append(UInt32(index))
    }

    func rearm(_ channel: Channel, token: UInt64) {
        selector.rearm(channel.descriptor.raw, token: token)
    }

    func setDeadline(of deadline: Deadline, to instant: MonotonicInstant) {
        deadlines.set(deadline, to: instant)
    }

    func removeDeadline(of deadline: Deadline) {
        deadlines.remove(deadline)
    }

    // MARK: Ticks

    func enqueue(_ job: LoopJob) {
        hasWork = true
        jobs.append(job)
    }

    /// Resumes the task after the descriptors have had their turn.
    func resumeNextTick(_ continuation: CheckedContinuation<Void, Never>) {
        hasWork = true
        yielding.append(continuation)
    }

    /// Calls `reached` after the descriptors have had their turn, in this tick or, when that is over, in the next one.
    func giveTurn(to deadline: Deadline) {
        hasWork = true
        turns.append(deadline)
    }

    /// Ticks until somebody says stop and nothing is left to run.
    func run(inbox: Inbox, _ perform: (LoopJob) -> Void) {
        while !isStopping || hasWork {
            wait(inbox)
            receive(from: inbox)
            while let deadline = deadlines.popReached(by: tickBegan) { deadline.reached() }
            guard hasWork else { continue }
            giveTurns()
            resumeYielding()
            runJobs(perform)
            hasWork = !jobs.isEmpty || !yielding.isEmpty || !turns.isEmpty
        }
    }

    /// Lets go of the channels and deadlines that nobody has taken back. They keep the loop and the loop keeps them, so their
    /// descriptors would stay open for ever.
    func abandon() {
        for index in slots.indices { slots[index].channel = nil }
        turns = []
        deadlines.removeAll()
    }

    private func wait(_ inbox: Inbox) {
        let idle = !hasWork && !isStopping && inbox.fallAsleep()
        selector.wait(milliseconds: idle ? timeout() : 0) {
            tickBegan = .now
            hasRun = false
        } _: { token, readiness in
            if token == Self.inboxToken { return inbox.consumeSignal() }
            // Once, for each look at it is checked.
            let slot = slots[Int(token & 0xFFFF_FFFF)]
            if slot.generation == UInt32(token >> 32) { slot.channel?.handle(readiness) }
        }
    }

    /// Rounded up: a loop that wakes a little early only to sleep again would spin.
    private func timeout() -> Int32 {
        guard let earliest = deadlines.earliest else { return -1 }
        let nanoseconds = (hasRun ? .now : tickBegan).nanoseconds(to: earliest)
        return nanoseconds <= 0 ? 0 : Int32(clamping: (nanoseconds &- 1) / 1_000_000 &+ 1)
    }

    private func receive(from inbox: Inbox) {
        for message in inbox.takeAll() {
            switch message {
            case .job(let job): enqueue(job)
            case .call(let body): body()
            case .stop: isStopping = true
            }
        }
    }

    private func giveTurns() {
        if turns.isEmpty { return }
        let given = turns
        turns = []
        for deadline in given { deadline.reached() }
    }

    /// Not all of a crowd at once: whoever has just arrived is not to wait until each of them has had its turn.
    private func resumeYielding() {
        if yielding.isEmpty { return }
        let resumed = yielding.prefix(max(1, limits.yieldsPerTick))
        yielding.removeFirst(resumed.count)
        for continuation in resumed { continuation.resume() }
    }

    /// Runs what is there, and what that gives rise to, up to the limit: then the descriptors have their turn again.
    private func runJobs(_ perform: (LoopJob) -> Void) {
        var budget = limits.jobsPerTick
        while budget > 0, let job = jobs.popFirst() {
            budget -= 1
            hasRun = true
            perform(job)
        }
    }
}
