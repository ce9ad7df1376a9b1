package import AsyncHTTP
import Synchronization

/// From the first signal to the last answer. SIGTERM begins a drain, in which the program goes on for as long as it has reason
/// to; SIGINT and any second signal stop it; one more cuts what is left. SIGHUP is none of these: files are read again.
package actor Lifecycle {
    /// What a program does at each step.
    package struct Steps: Sendable {
        /// The end has begun, whatever comes next: readiness is over.
        let ends: @Sendable () -> Void
        /// Goes on until there is nothing left to wait for, or until it is told that it is over, and says why it ends.
        let drain: @Sendable (_ goesOn: @escaping @Sendable () -> Bool) async -> String
        /// Ends what serves: when everybody has been answered, or at once.
        let shutdown: @Sendable (_ gracefully: Bool) -> Void
        /// Reads files again; nil where there are none.
        let reload: (@Sendable () async -> Void)?

        package init(
            ends: @escaping @Sendable () -> Void,
            drain: @escaping @Sendable (_ goesOn: @escaping @Sendable () -> Bool) async -> String,
            shutdown: @escaping @Sendable (_ gracefully: Bool) -> Void,
            reload: (@Sendable () async -> Void)? = nil
        ) {
            self.ends = ends
            self.drain = drain
            self.shutdown = shutdown
            self.reload = reload
        }
    }

    private enum Phase {
        case serving
        /// Still serving, for as long as the drain goes on.
        case draining
        /// Nobody new is let in.
        case stopping
    }

    private nonisolated let loop: EventLoop
    private nonisolated let isDraining = Atomic<Bool>(false)
    private let steps: Steps
    private let notifier: ServiceNotifier
    private let logger: Logger
    private var phase = Phase.serving

    package init(_ steps: Steps, notifier: ServiceNotifier, logger: Logger, on loop: EventLoop) {
        self.steps = steps
        self.notifier = notifier
        self.logger = logger
        self.loop = loop
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Obeys signals until the task is cancelled.
    package func run() async throws {
        let signals = SignalSource(Signal.ofPrograms, on: loop)
        try await obey { try await signals.next() }
        await signals.close()
    }

    /// - Parameter next: the next signal; nil after the last.
    func obey(_ next: @Sendable () async throws -> Signal?) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while let signal = try await next() {
                guard logger.heard(signal, reloads: steps.reload != nil) else { continue }
                if signal == .hangUp {
                    if let reload = steps.reload { group.addTask { await reload() } }
                    continue
                }
                switch phase {
                case .serving where signal == .terminate:
                    begin(.draining)
                    isDraining.store(true, ordering: .relaxed)
                    group.addTask { await self.drain() }
                case .serving, .draining: stop(because: "a signal")
                case .stopping: steps.shutdown(false)
                }
            }
            group.cancelAll()
        }
    }

    private func begin(_ phase: Phase) {
        if case .serving = self.phase { notifier.stopping() }
        self.phase = phase
        steps.ends()
    }

    private func stop(because reason: String) {
        if case .stopping = phase { return }
        begin(.stopping)
        isDraining.store(false, ordering: .relaxed)
        logger.info("stopping", ("because", LogValue(reason)))
        steps.shutdown(true)
    }

    private func drain() async {
        let reason = await steps.drain { self.isDraining.load(ordering: .relaxed) }
        stop(because: reason)
    }
}
