/// One peer. A task runs `run` from its first byte to its last, in the isolation of the worker that accepted it.
///
/// What `run` calls without waiting is not inlined: its locals would become part of the frame that every waiting connection
/// keeps.
final class Connection {
    let context: ServerContext
    let stream: ByteStream
    /// The place of the listener that it came by among the server's addresses.
    let listener: Int

    /// Received and not yet used; nil while there is nothing.
    var backlog: Backlog?
    /// What is kept, as far as it has been charged to the server's budget.
    var charged = 0
    /// The request that is being answered.
    var exchange = Exchange()
    /// What is left of that request's body; nil when it has none.
    var body: BodyReader?
    /// What a peer has not taken yet of the answer.
    var unsent: Unsent?
    /// The server drains, and the time that is left for another request has been set.
    var isParting = false
    /// Bytes that the peer may still send could turn a close into a reset, which takes the answer with it.
    var closesGently = false
    /// What the task has to do when it is woken, if that has been found out already.
    var arrived: Step?
    /// False for one too many, which is only told so.
    let isWelcome: Bool

    init(_ stream: ByteStream, context: ServerContext, listener: Int = 0, isWelcome: Bool) {
        self.stream = stream
        self.listener = listener
        self.context = context
        self.isWelcome = isWelcome
    }

    /// Answers requests until either side has had enough.
    func run() async {
        begin()
        await answerRequests()
        await lingerUntilPeerCloses()
        end()
    }

    private func answerRequests() async {
        var wake = ByteStream.Wake.ready
        while true {
            switch receive(after: wake) {
            case .wait: wake = unsafe await withUnsafeContinuation { unsafe stream.parkToRead($0) }
            case .pause:
                await stream.pause()
                wake = .ready
            case .answer(let request):
                wake = .ready
                do {
                    try beginBody(of: request)
                    _ = try await context.handler(request, Responder(connection: self, request: request))
                    if body != nil { try await endBody() }
                } catch {
                    await refuse(error)
                }
                guard goesOn() else { return }
            case .finish:
                wake = .ready
                do { try await finishAnswer() } catch { await refuse(error) }
                guard goesOn() else { return }
            case .refuse(let error): return await refuse(error)
            case .end: return
            }
        }
    }

    @inline(never)
    private func begin() {
        context.counters.connectionsOpen.add()
        stream.attendant = self
        setDeadline(after: context.limits.headerTimeout)
    }

    @inline(never)
    private func end() {
        releasePending()
        stream.attendant = nil
        stream.close()
        context.counters.connectionsOpen.add(-1)
        context.gate.leave()
        context.remove(self)
    }

    @inline(never)
    func goesOn() -> Bool {
        // Otherwise every new connection would be looked at again when the short deadline of its first request has come.
        if exchange.number == 1 { stream.removeDeadline() }
        stream.setDeadline(stream.state.now.advanced(byNanoseconds: context.idleNanoseconds))
        // Whatever the peer sends from here on, two bytes are enough, would make the close a reset, which takes what the peer
        // has not received yet of its answer.
        if !exchange.keepsAlive, exchange.progress == .complete { closesGently = true }
        return exchange.keepsAlive
    }

    /// To be told when the server begins to drain: one that waits for a request, or for the rest of its head, looks at the
    /// time anew; a busy one ends after what it has received.
    func drain() {
        stream.wake()
    }

    /// Ends the connection at once, wherever its task is.
    func cut() {
        stream.close()
    }

    func setDeadline(after duration: Duration) {
        stream.setDeadline(stream.state.now.advanced(by: duration))
    }

    /// Says that nothing more will come, and reads on until the peer has seen it or the time is up.
    private func lingerUntilPeerCloses() async {
        if stream.sayGoodbye() == .wouldBlock {
            setDeadline(after: context.limits.lingerTimeout)
            repeat {
                guard case .ready = await stream.wait(for: .write) else { return }
            } while stream.sayGoodbye() == .wouldBlock
        }
        guard closesGently, context.lingeringPlaces > 0 else { return }
        context.lingeringPlaces -= 1
        defer { context.lingeringPlaces += 1 }
        releasePending()
        stream.finishWriting()
        setDeadline(after: context.limits.lingerTimeout)
        while true {
            switch await stream.wait() {
            case .ready: break
            case .deadline: return
            case .woken where stream.isClosed: return
            case .woken: continue
            }
            switch stream.receive() {
            case .bytes(0), .failed: return
            case .bytes, .wouldBlock: await stream.takeTurn(limit: context.limits.pipelinedRequests)
            }
        }
    }
}

/// What a connection remembers of the request that it is answering.
struct Exchange {
    private(set) var number: UInt64 = 0
    private(set) var isHead = false
    private(set) var version = HTTPVersion.http11
    /// When the request had been received.
    private(set) var received = MonotonicInstant(nanoseconds: 0)
    var keepsAlive = true
    /// How much of the answer has been sent.
    var progress = Progress.nothing

    enum Progress {
        case nothing
        case begun
        case complete
    }

    /// A chunked answer is under way.
    var isChunked = false

    func next(_ head: RequestHead, at now: MonotonicInstant) -> Exchange {
        Exchange(
            number: number &+ 1,
            isHead: head.method == .head,
            version: head.version,
            received: now,
            keepsAlive: head.keepAlive
        )
    }

    func next(_ known: KnownHead, at now: MonotonicInstant) -> Exchange {
        Exchange(number: number &+ 1, isHead: known.isHead, version: known.version, received: now)
    }

    /// For an answer to something that could not be understood as a request.
    func nextUnparsed() -> Exchange {
        Exchange(number: number &+ 1)
    }
}
