/// A stream made of another one and a layer that changes what goes through.
///
/// It is ready when it can go on, which has not much to do with what the stream below is ready for: a layer may have to read
/// before it can send, and may hold what it has not handed out.
package final class LayeredStream: ByteStream {
    private let lower: ByteStream
    private let security: StreamSecurity
    private let loop: EventLoop
    private let records: RecordBuffer
    /// Where streams wait for their turn to be established; nil where there is no crowd.
    private let queue: EstablishingQueue?
    private var phase = Phase.untouched
    private var layer: (any StreamLayer)?
    /// What receiving and sending wait for below; nil when they do not.
    private var receiving: Interest? = .read
    private var sending: Interest?
    private var breaksWhenClosed = false
    /// It is in the queue.
    var waitsForTurn = false
    private var openingProblem: String?
    private var turn: StreamTurn?
    /// What has been received of a peer that parts.
    private var ignored = 0

    private enum Phase {
        /// Nothing has come of it yet, and nothing is kept for it.
        case untouched
        /// A layer has been asked for.
        case opening
        case establishing
        case established
        /// It has come to nothing, and the peer is given time to read why.
        case parting
        case failed
    }

    package convenience init(_ security: StreamSecurity, over lower: ByteStream, on loop: EventLoop) {
        self.init(security, over: lower, on: loop, queue: nil)
    }

    init(_ security: StreamSecurity, over lower: ByteStream, on loop: EventLoop, queue: EstablishingQueue?) {
        self.security = security
        self.lower = lower
        self.loop = loop
        self.queue = queue
        records = loop.state.records
        super.init(on: loop)
        lower.carry(self)
        become(readable: false, writable: true, peerClosed: false)
        lowerHasChanged()
    }

    package override var peer: String? { lower.peer }

    package override var problem: String? { layer?.problem ?? openingProblem }

    /// To be told what has become of the stream below.
    func lowerHasChanged() {
        if isClosed { return }
        guard let queue, phase == .untouched || phase == .establishing else { return goOn() }
        // What has come may be the beginning of much work.
        if lower.isReadable || phase == .establishing { queue.enter(self) }
    }

    /// Its turn has come, or nobody takes turns.
    func goOn() {
        if isClosed { return }
        if phase == .untouched {
            guard lower.isReadable || queue == nil else { return }
            return open()
        }
        if phase == .opening { return }
        become(
            readable: isMet(receiving),
            writable: isMet(sending),
            peerClosed: lower.isPeerClosed && phase == .established
        )
    }

    private func isMet(_ need: Interest?) -> Bool {
        switch need {
        case .read: lower.isReadable
        case .write: lower.isWritable
        case .either, nil: true
        }
    }

    // MARK: The layer

    private func open() {
        phase = .opening
        queue?.begins(self)
        let opening = loop.bind(Opening())
        opening.value.stream = self
        security.open(loop) { opening.value.stream?.opened($0) }
    }

    /// Where a layer is handed over, which may be later and has to be on the loop.
    private final class Opening {
        var stream: LayeredStream?
    }

    private func opened(_ result: Result<any StreamLayer, StreamSecurity.Problem>) {
        if isClosed { return }
        switch result {
        case .success(let layer):
            self.layer = layer
            phase = .establishing
            // Whatever was tried before can be tried now.
            become(readable: isMet(receiving), writable: true, peerClosed: false)
        case .failure(let problem):
            openingProblem = problem.reason
            fail()
            become(readable: true, writable: true, peerClosed: true)
        }
    }

    private func fail() {
        if phase == .opening || phase == .establishing { queue?.ends(self, established: false) }
        phase = .failed
    }

    /// Looks whether the layer has got that far, and at what it has got besides. Whoever is receiving or sending goes on by
    /// itself, and must not be woken in the midst of it.
    private func note(_ layer: any StreamLayer) {
        if phase == .establishing, layer.isEstablished {
            phase = .established
            identity = layer.identity
            queue?.ends(self, established: true)
            (receiving, sending) = (.read, nil)
            if lower.isReadable { markReadable() }
            markWritable()
        }
        if layer.holdsMore { markReadable() }
    }

    package override func establish() -> Transfer {
        guard !isClosed, phase != .failed, phase != .parting else { return .closed }
        guard let layer else {
            if phase == .untouched { open() }
            if self.layer == nil { return phase == .failed ? .closed : wait(nil) }
            return establish()
        }
        let step = layer.establish(over: lower)
        note(layer)
        switch step {
        case .bytes where layer.isEstablished: return .bytes(0)
        case .needs(let need): return wait(need)
        case .bytes, .failed: return broken()
        }
    }

    /// Both ways wait for the same.
    private func wait(_ need: Interest?) -> Transfer {
        (receiving, sending) = (need, need)
        markDrained()
        markFull()
        goOnNextTick(if: need)
        return .wouldBlock
    }

    /// A server's peer may still be sending: to close at once would be a reset, which takes with it what it was told.
    private func broken() -> Transfer {
        let parts = queue != nil && phase == .establishing
        fail()
        guard parts, problem != nil else { return .reset }
        phase = .parting
        lower.finishWriting()
        return receiveNothing()
    }

    private func receiveNothing() -> Transfer {
        receiving = .read
        markDrained()
        markFull()
        if lower.isReadable {
            switch lower.receive() {
            case .bytes(0), .failed: return .reset
            case .bytes(let count): ignored += count
            case .wouldBlock: break
            }
        }
        if ignored > Self.mostIgnored { return .reset }
        goOnNextTick(if: .read)
        return .wouldBlock
    }

    /// More than what is on its way when a peer is told to go.
    private static let mostIgnored = 1_048_576

    // MARK: Transfers

    package override func receive(limit: Int) -> Transfer {
        if isClosed { return .closed }
        if phase == .failed { return .reset }
        if phase == .parting { return receiveNothing() }
        guard let layer else {
            markDrained()
            return .wouldBlock
        }
        let most = max(1, min(state.buffer.count, limit))
        let step = state.buffer.withMemory(most) { layer.receive(into: &$0, over: lower) }
        note(layer)
        switch step {
        case .bytes(let count):
            receiving = .read
            // A socket says nothing of what the layer has got from it already; what is not there is below.
            if count > 0, !layer.holdsMore, !lower.isReadable { markDrained() }
            return .bytes(count)
        case .needs(let need):
            receiving = need
            markDrained()
            goOnNextTick(if: need)
            return .wouldBlock
        case .failed: return broken()
        }
    }

    /// It has had its share, and there is more: nobody else will say so.
    private func goOnNextTick(if need: Interest?) {
        guard let need, isMet(need) else { return }
        let turn = turn ?? StreamTurn()
        turn.stream = self
        self.turn = turn
        state.giveTurn(to: turn)
    }

    package override func send(
        _ first: [UInt8],
        _ second: [UInt8],
        _ third: [UInt8],
        skipping skipped: Int
    ) -> Transfer {
        if isClosed { return .closed }
        if phase == .failed || phase == .parting { return .reset }
        guard let layer else {
            if phase == .untouched { open() }
            if self.layer != nil { return send(first, second, third, skipping: skipped) }
            markFull()
            return .wouldBlock
        }
        let limit = min(first.count + second.count + third.count - skipped, state.limits.sentAtOnce.bytes)
        var sent = 0
        while sent < limit {
            let step = records.withRecord(first, second, third, skipping: skipped + sent) {
                layer.send($0, over: lower)
            }
            note(layer)
            switch step {
            case .bytes(0): return broken()
            case .bytes(let count): sent += count
            case .needs(let need):
                sending = need
                markFull()
                goOnNextTick(if: need)
                return sent > 0 ? .bytes(sent) : .wouldBlock
            case .failed: return broken()
            }
        }
        return .bytes(sent)
    }

    package override func sayGoodbye() -> Transfer {
        guard !isClosed, !breaksWhenClosed, phase == .established, let layer else { return .bytes(0) }
        guard case .needs(let need) = layer.finish(over: lower) else { return .bytes(0) }
        sending = need
        markFull()
        return .wouldBlock
    }

    package override func finishWriting() {
        _ = sayGoodbye()
        lower.finishWriting()
    }

    package override func resetWhenClosed() {
        breaksWhenClosed = true
        lower.resetWhenClosed()
    }

    override func release() {
        if phase == .opening || phase == .establishing { fail() }
        if phase == .established, !breaksWhenClosed { _ = layer?.finish(over: lower) }
        layer = nil
        lower.carry(nil)
        lower.close()
    }
}
