import Synchronization

/// An HTTP/1.1 server on any number of event loops. Each loop accepts for itself and serves what it has accepted.
public final class HTTPServer: Sendable {
    /// Where it listens, as in `127.0.0.1:8000`, `[::]:8000` or `unix:/path`; ports that the kernel chose are filled in.
    public let addresses: [String]
    /// The port of the first address that has one.
    public let port: UInt16?

    /// Its connections are encrypted.
    public let isSecure: Bool

    /// How many connections it has open at most: `ServerLimits.connections`, or fewer where the system has fewer descriptors.
    public let connectionLimit: Int

    private let listeners: Listeners
    private let workers: [Worker]
    private let budget: PendingBudget
    private let drainTimeout: Duration
    private let hasRun = Atomic<Bool>(false)

    /// Opens the sockets. Connections wait in their backlogs from here on, and are served by `run`.
    ///
    /// - Parameters:
    ///   - security: encrypts every connection.
    ///   - middleware: who is asked, in this order, before the handler is.
    ///   - standing: finds the answers that stand, before the handler is asked for one.
    ///   - failed: told of each error that a handler has thrown and that is no peer's doing: the peer got a 500.
    public init(
        listeningOn addresses: [ListenAddress],
        loops: [EventLoop],
        limits: ServerLimits = ServerLimits(),
        security: StreamSecurity? = nil,
        middleware: [any Middleware] = [],
        failed: @escaping @Sendable (any Error) -> Void = { _ in },
        standing: StandingAnswers? = nil,
        handler: @escaping RequestHandler
    ) throws(ListenError) {
        precondition(!loops.isEmpty, "a server needs a loop")
        if addresses.isEmpty { throw ListenError(address: nil, reason: "no address was given", errno: nil) }
        let listeners = try Listeners(opening: addresses, loops: loops.count, limits)
        let capacity: ConnectionCapacity
        do throws(ListenError) {
            capacity = try ConnectionCapacity(
                limits,
                descriptors: DescriptorLimit.current,
                taken: listeners.count + loops.count * EventLoop.descriptors,
                open: DescriptorLimit.open
            )
        } catch {
            listeners.removeFiles()
            throw error
        }
        let gate = ConnectionGate(capacity)
        let budget = PendingBudget(limits.pendingBytes)
        workers = loops.enumerated().map { index, loop in
            Worker(
                on: loop,
                sockets: listeners.sockets[index],
                limits: limits,
                gate: gate,
                budget: budget,
                failed: failed,
                security: security,
                middleware: middleware,
                standing: standing,
                handler: handler
            )
        }
        self.budget = budget
        isSecure = security != nil
        connectionLimit = capacity.connections
        self.listeners = listeners
        self.addresses = listeners.addresses.map(\.description)
        port = listeners.addresses.first { $0.isInternet }?.port
        drainTimeout = limits.drainTimeout
    }

    /// Serves until `shutdown`, or until the calling task is cancelled, which cuts every connection. To be called once.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else {
            throw ListenError(address: nil, reason: "the server has been run already", errno: nil)
        }
        defer { listeners.removeFiles() }
        try await withThrowingTaskGroup { group in
            for worker in workers {
                group.addTask(executorPreference: worker.loop.taskExecutor) { try await worker.run() }
            }
            try await group.waitForAll()
        }
    }

    /// Begins to end `run`; may be called from anywhere, and again to be less patient.
    ///
    /// Gracefully: the listeners close after everybody in their backlogs has been let in, idle connections close, requests
    /// that have been received are answered with `Connection: close`, and what is left after the drain timeout is cut.
    public func shutdown(gracefully: Bool = true) {
        for worker in workers {
            worker.loop.execute { [drainTimeout] in
                worker.assumeIsolated { gracefully ? $0.drain(timeout: drainTimeout) : $0.cut() }
            }
        }
    }

    /// Forgets all requests that would be answered without being read: what they hold, passwords among it, does not stay in
    /// memory. For whoever has changed credentials or rules; what was admitted for a generation that is over is not answered in
    /// any case.
    public func forgetKnownRequests() {
        for worker in workers {
            worker.loop.execute { worker.assumeIsolated { $0.forgetKnownRequests() } }
        }
    }

    /// Sets header fields that go with every answer from now on, beside those that the answer has itself.
    public func setCommonFields(_ fields: HeaderFields) throws {
        var writer = ResponseHeadWriter()
        try writer.fields(fields)
        let bytes = writer.bytes
        for worker in workers {
            worker.loop.execute { worker.assumeIsolated { $0.setCommonFields(bytes) } }
        }
    }

    /// What all loops have counted so far.
    public var statistics: ServerStatistics {
        var statistics = ServerStatistics()
        for worker in workers { worker.counters.add(to: &statistics) }
        statistics.pendingBytes = budget.used
        return statistics
    }
}
