import Synchronization

@testable import AsyncHTTP

/// A server on threads of its own, for a test that talks to it from outside.
final class RunningServer: Sendable {
    private enum State {
        case starting
        case running(HTTPServer)
        case failed(any Error)
    }

    private let state = Mutex(State.starting)
    /// Says what the lock says already, in words that ThreadSanitizer understands.
    private let isKnown = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private let thread = Mutex<Thread.Joinable?>(nil)
    private let task = Mutex<Task<Void, any Error>?>(nil)

    init(
        _ addresses: [ListenAddress],
        limits: ServerLimits,
        loops: Int,
        middleware: [any Middleware] = [],
        handler: @escaping RequestHandler
    ) throws {
        let started = try Thread.start { [self] in
            do {
                try withEventLoops(count: loops) { [self] group in
                    let server = try HTTPServer(
                        listeningOn: addresses,
                        loops: group.loops,
                        limits: limits,
                        middleware: middleware,
                        handler: handler
                    )
                    let task = Task(executorPreference: group.first.taskExecutor) { try await server.run() }
                    self.task.withLock { $0 = task }
                    self.become(.running(server))
                    try await task.value
                }
            } catch {
                become(.failed(error))
            }
            ended.store(true, ordering: .releasing)
        }
        thread.withLock { $0 = started }
        do {
            _ = try eventually { try current != nil }
            _ = try server
        } catch {
            join()
            throw error
        }
    }

    private func become(_ state: State) {
        self.state.withLock { $0 = state }
        isKnown.store(true, ordering: .releasing)
    }

    private var current: HTTPServer? {
        get throws {
            guard isKnown.load(ordering: .acquiring) else { return nil }
            switch state.withLock({ $0 }) {
            case .starting: return nil
            case .running(let server): return server
            case .failed(let error): throw error
            }
        }
    }

    var server: HTTPServer {
        get throws {
            guard let server = try current else { throw RawSocket.Failure(description: "the server did not start") }
            return server
        }
    }

    /// The port of the first address.
    var port: UInt16 { get throws { try server.port ?? 0 } }
    var statistics: ServerStatistics { get throws { try server.statistics } }

    /// `run` has returned and the loops have ended.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    func cancel() {
        task.withLock { $0?.cancel() }
    }

    func join() {
        let thread = thread.withLock { $0.take() }
        thread?.join()
    }

    func connect(receiveBuffer: Int32? = nil) throws -> RawSocket {
        try RawSocket(port: port, receiveBuffer: receiveBuffer)
    }
}

/// Runs a server while `body` does; then it is cut, and its threads are joined.
@discardableResult
func withServer<Result>(
    on addresses: [ListenAddress] = [.host("127.0.0.1", port: 0)],
    limits: ServerLimits = ServerLimits(),
    loops: Int = 1,
    middleware: [any Middleware] = [],
    handler: @escaping RequestHandler = TestHandler.handle,
    _ body: (RunningServer) throws -> Result
) throws -> Result {
    let running = try RunningServer(addresses, limits: limits, loops: loops, middleware: middleware, handler: handler)
    defer {
        try? running.server.shutdown(gracefully: false)
        running.join()
    }
    return try body(running)
}

/// The limits, with some of them changed.
func serverLimits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
    var limits = ServerLimits()
    change(&limits)
    return limits
}
