package import AsyncHTTP

extension Signal {
    /// Those that a program that goes on for long takes: two that end it, and one that would end it without a word.
    static let ofPrograms: [Signal] = [.interrupt, .terminate, .hangUp]

    fileprivate var name: String {
        switch self {
        case .interrupt: "SIGINT"
        case .terminate: "SIGTERM"
        case .hangUp: "SIGHUP"
        case .user1: "SIGUSR1"
        case .user2: "SIGUSR2"
        }
    }
}

extension Logger {
    /// Says that a signal has come.
    ///
    /// - Parameter reloads: whether there is something to read again, which SIGHUP asks for: flags and variables are those of the
    ///   start.
    /// - Returns: whether it is to be obeyed.
    func heard(_ signal: Signal, reloads: Bool = false) -> Bool {
        if signal == .hangUp, !reloads {
            info("signal without effect: there is nothing to read again", ("signal", LogValue(signal.name)))
            return false
        }
        info("signal", ("signal", LogValue(signal.name)))
        return true
    }

    /// Waits until a signal ends the program, for one that has nothing to drain. Whoever calls it is run by `running`.
    package func untilEnd(on loop: EventLoop) async throws {
        let signals = SignalSource(Signal.ofPrograms, on: loop)
        try await untilEnd { try await signals.next() }
        await signals.close()
    }

    /// - Parameter next: the next signal; nil after the last.
    func untilEnd(_ next: () async throws -> Signal?) async throws {
        while let signal = try await next(), !heard(signal) {}
    }
}
