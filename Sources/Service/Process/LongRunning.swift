package import AsyncHTTP

extension Logger {
    /// Runs what goes on until a signal ends it, on loops of its own. Whoever reads the log is to find there why it ended.
    ///
    /// SIGHUP is held back with the signals that end it: whoever takes those says that it has no effect.
    ///
    /// - Returns: the exit status.
    package func running(
        loops: Int = 1,
        _ body: @escaping @Sendable (EventLoopGroup) async throws -> Void
    ) -> Int32 {
        do {
            try withEventLoops(count: loops, signals: Signal.ofPrograms, body)
            return 0
        } catch {
            self.error("failed", ("error", LogValue("\(error)")))
            return 1
        }
    }
}
