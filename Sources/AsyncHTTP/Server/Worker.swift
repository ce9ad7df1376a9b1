/// The part of a server that lives on one loop: its listening sockets and the connections that came through them.
actor Worker {
    nonisolated let loop: EventLoop
    nonisolated let counters = ServerCounters()
    private let context: ServerContext
    private let sockets: [ListeningSocket]
    private var listeners: [Channel] = []
    private var phase = Phase.serving
    private var listening = 0
    private var ending: CheckedContinuation<Ending, Never>?
    private var cutter: Cutter?

    private enum Phase {
        case serving
        /// No new connections; those that are there finish what they have received.
        case draining
        case over(Ending)
    }

    private enum Ending {
        case drained
        case cut
    }

    private struct Cut: Error {}

    /// The end of a drain's patience.
    private final class Cutter: Deadline {
        private let worker: Worker

        init(_ worker: Worker) {
            self.worker = worker
        }

        override func reached() {
            worker.assumeIsolated { $0.cut() }
        }
    }

    init(
        on loop: EventLoop,
        sockets: [ListeningSocket],
        limits: ServerLimits,
        gate: ConnectionGate,
        budget: PendingBudget,
        failed: @escaping @Sendable (any Error) -> Void,
        security: StreamSecurity?,
        middleware: [any Middleware],
        standing: StandingAnswers?,
        handler: @escaping RequestHandler
    ) {
        self.loop = loop
        self.sockets = sockets
        context = ServerContext(
            loop: loop,
            limits: limits,
            counters: counters,
            gate: gate,
            budget: budget,
            failed: failed,
            security: security,
            middleware: middleware,
            standing: standing,
            handler: handler
        )
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Serves until the server is shut down and the last connection has ended.
    func run() async throws {
        for socket in sockets {
            guard let descriptor = socket.take(), case .serving = phase else { continue }
            descriptor.prepareConnections(unsentBytes: context.limits.unsentBytes.bytes)
            listeners.append(try Channel(descriptor, on: loop, shared: socket.isShared))
        }
        guard case .serving = phase else { return }
        listening = listeners.count
        await withTaskCancellationHandler {
            await serveAndWait()
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.cut() } }
        }
    }

    private func serveAndWait() async {
        // The one child that can throw ends the others: a handler that waits for something is cancelled with its connection.
        try? await withThrowingDiscardingTaskGroup { group in
            group.addTask { if await self.untilOver() == .cut { throw Cut() } }
            for index in listeners.indices {
                group.addTask { await self.serve(listener: index) }
            }
        }
    }

    // MARK: Accepting

    private func serve(listener index: Int) async {
        await withDiscardingTaskGroup { group in
            await accept(from: index, in: &group)
            listening -= 1
            endIfDrained()
        }
    }

    private func accept(from index: Int, in group: inout DiscardingTaskGroup) async {
        let listener = listeners[index]
        while true {
            await listener.takeTurn(limit: context.limits.pipelinedRequests)
            do throws(SystemError) {
                if let descriptor = try listener.accept() {
                    welcome(descriptor, from: index, in: &group)
                    continue
                }
            } catch {
                // No descriptor or memory for it. It waits in the backlog, and so do we: to try again at once would spin.
                context.counters.reject(.acceptFailed)
                if case .serving = phase {
                    try? await loop.clock.sleep(for: context.limits.acceptBackoff)
                    continue
                }
            }
            // Before the listener closes, everybody who waits in its backlog is let in: hence the check is here.
            guard case .serving = phase else { break }
            _ = await listener.wait()
        }
        listener.close()
    }

    private func welcome(_ descriptor: consuming Descriptor, from listener: Int, in group: inout DiscardingTaskGroup) {
        context.counters.connectionsTotal.add()
        let admission = context.gate.enter()
        if admission != .admitted { context.counters.reject(.tooManyConnections) }
        if admission == .refused { return tell(descriptor) }
        let isWelcome = admission == .admitted
        let raw = descriptor.release()
        group.addTask { await self.serve(raw, from: listener, isWelcome: isWelcome) }
    }

    /// Too many wait to be told why: this one is told, where that takes no agreeing on how, and closed whether it has heard or
    /// not.
    private func tell(_ descriptor: borrowing Descriptor) {
        guard !context.isSecure, let response = try? PreparedResponse(.tooManyConnections) else { return }
        let end = context.dateLine.bytes(.closing, now: loop.state.now)
        _ = Descriptor.send(descriptor.raw, response.head, end, response.body, skipping: 0, limit: .max)
    }

    private func serve(_ raw: Int32, from listener: Int, isWelcome: Bool) async {
        if let connection = adopt(raw, listener, isWelcome) { await connection.run() }
    }

    @inline(never)
    private func adopt(_ raw: Int32, _ listener: Int, _ isWelcome: Bool) -> Connection? {
        do throws(SystemError) {
            let stream = context.secured(try Channel(Descriptor(owning: raw), on: context.loop))
            let connection = Connection(stream, context: context, listener: listener, isWelcome: isWelcome)
            context.add(connection)
            return connection
        } catch {
            context.counters.reject(.acceptFailed)
            context.gate.leave()
            return nil
        }
    }

    // MARK: Ending

    func forgetKnownRequests() {
        context.known.forgetAll()
    }

    func setCommonFields(_ bytes: [UInt8]) {
        context.dateLine.fields = bytes
    }

    func drain(timeout: Duration) {
        guard case .serving = phase else { return }
        phase = .draining
        context.isDraining = true
        context.whenEmpty = { [weak self] in self?.assumeIsolated { $0.endIfDrained() } }
        for listener in listeners { listener.wake() }
        for connection in context.connections.values { connection.drain() }
        let cutter = Cutter(self)
        self.cutter = cutter
        loop.state.setDeadline(of: cutter, to: loop.state.now.advanced(by: timeout))
        endIfDrained()
    }

    /// Ends every connection at once.
    func cut() {
        if case .over = phase { return }
        phase = .over(.cut)
        context.isDraining = true
        for listener in listeners { listener.close() }
        for connection in context.connections.values { connection.cut() }
        finish(.cut)
    }

    private func endIfDrained() {
        guard case .draining = phase, listening == 0, context.connections.isEmpty else { return }
        phase = .over(.drained)
        finish(.drained)
    }

    private func untilOver() async -> Ending {
        if case .over(let ending) = phase { return ending }
        return await withCheckedContinuation { ending = $0 }
    }

    private func finish(_ outcome: Ending) {
        ending?.resume(returning: outcome)
        ending = nil
        if let cutter { loop.state.removeDeadline(of: cutter) }
        cutter = nil
    }
}
