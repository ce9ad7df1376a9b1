/// One peer. A task runs `run` from its first byte to its last, on the loop that accepted it.
actor Connection {
    let context: ServerContext
    let channel: Channel

    /// Received and not yet used: the beginning of a request, or requests that have arrived before their turn. Empty, and
    /// without memory, while the connection is idle.
    var pending = ReceivedBytes()
    /// Where the request at the beginning of `pending` stands; nil while there is none.
    var partial: PartialRequest?
    /// `pending` may hold a whole request: it has not been parsed since one was taken out of it.
    var hasUnparsed = false
    /// What a peer has not taken yet of the answer.
    var unsent: Unsent?
    /// The request that is being answered.
    var exchange = Exchange()
    /// What is left of that request's body; nil when it has none.
    var body: BodyReader?
    /// Bytes that the peer may still send could turn a close into a reset, which takes the answer with it.
    var closesGently = false

    /// False for one too many, which is only told so.
    let isWelcome: Bool

    init(_ descriptor: consuming Descriptor, context: ServerContext, isWelcome: Bool) throws(SystemError) {
        self.context = context
        self.isWelcome = isWelcome
        channel = try Channel(descriptor, on: context.loop)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe context.loop.unownedExecutor }

    /// Answers requests until either side has had enough.
    func run() async {
        begin()
        while let request = await nextRequest() {
            do {
                try beginBody(of: request)
                _ = try await context.handler(request, Responder(connection: self))
                if let body = unreadBody() { try await endBody(body) }
            } catch {
                await refuse(error)
            }
            guard goesOn() else { break }
        }
        await lingerUntilPeerCloses()
        end()
    }

    // What `run` calls is not inlined: its locals would become part of the frame that every waiting connection keeps.

    @inline(never)
    private func unreadBody() -> BodyReader? { body }

    @inline(never)
    private func goesOn() -> Bool {
        setDeadline(after: context.limits.idleTimeout)
        return exchange.keepsAlive
    }

    @inline(never)
    private func begin() {
        context.counters.connectionsOpen.add()
        let isLate = context.shared.isDraining
        setDeadline(after: isLate ? context.limits.lingerTimeout : context.limits.headerTimeout)
    }

    @inline(never)
    private func end() {
        channel.close()
        context.counters.connectionsOpen.add(-1)
        context.gate.leave()
        context.shared.remove(self)
    }

    /// To be told when the server begins to drain: an idle connection ends, a busy one after what it has received.
    func drain() {
        if pending.isEmpty { channel.wake() }
    }

    /// Ends the connection at once, wherever its task is.
    func cut() {
        channel.close()
    }

    func setDeadline(after duration: Duration) {
        channel.setDeadline(context.loop.state.now.advanced(by: duration))
    }

    // MARK: One request

    /// Makes a request of its head: from here on it is the one that is being answered.
    func begin(_ head: RequestHead) -> Request {
        exchange.begin(head)
        return Request(head, RequestBody(connection: self, exchange: exchange.number))
    }

    /// Answers what went wrong, when the peer is there and has not been told anything else.
    @inline(never)
    func refuse(_ error: any Error) async {
        exchange.keepsAlive = false
        guard let response = response(to: error) else { return }
        closesGently = true
        if !exchange.hasAnswered { _ = try? await send(PreparedResponse(response)) }
    }

    private func response(to error: any Error) -> Response? {
        switch error {
        case let error as RequestError:
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: error.status)
        case ConnectionError.malformedBody(let error):
            context.counters.reject(.malformedRequest)
            return .text(error.reason, status: .badRequest)
        case ConnectionError.bodyTooLong:
            return .text("the body is longer than this server takes", status: .contentTooLarge)
        case ConnectionError.headerTimeout:
            context.counters.reject(.headerTimeout)
            return .text("the request did not arrive in time", status: .requestTimeout)
        case ConnectionError.bodyTimeout:
            context.counters.reject(.bodyTimeout)
            return .text("the body did not arrive in time", status: .requestTimeout)
        case ConnectionError.writeTimeout:
            context.counters.reject(.writeTimeout)
            return nil
        case ConnectionError.tooManyConnections: return .text("too many connections", status: .serviceUnavailable)
        case ConnectionError.closed: return nil
        default: return .text("internal error", status: .internalServerError)
        }
    }

    /// Says that nothing more will come, and reads on until the peer has seen it or the time is up.
    private func lingerUntilPeerCloses() async {
        guard closesGently else { return }
        channel.descriptor.finishWriting()
        setDeadline(after: context.limits.lingerTimeout)
        while true {
            switch await channel.wait() {
            case .ready: break
            case .deadline: return
            case .woken where channel.isClosed: return
            case .woken: continue
            }
            switch channel.receive() {
            case .bytes(0), .failed: return
            case .bytes, .wouldBlock: await channel.takeTurn(limit: context.limits.pipelinedRequests)
            }
        }
    }
}

/// What a connection remembers of the request that it is answering.
struct Exchange {
    private(set) var number: UInt64 = 0
    private(set) var isHead = false
    private(set) var version = HTTPVersion.http11
    var keepsAlive = true
    /// Something of the answer has been sent.
    var hasAnswered = false
    /// A chunked answer is under way.
    var isChunked = false

    mutating func begin(_ head: RequestHead) {
        number &+= 1
        isHead = head.method == .head
        version = head.version
        keepsAlive = head.keepAlive
        hasAnswered = false
        isChunked = false
    }

    /// Before there is a request that could be understood.
    mutating func beginUnparsed() {
        number &+= 1
        isHead = false
        version = .http11
        keepsAlive = false
        hasAnswered = false
        isChunked = false
    }
}
