extension BackgroundLoop {
    /// Calls `body` on a thread of its own when one of these signals comes, which then does nothing else: on SIGTERM a program
    /// says its last words, and ends.
    ///
    /// To be called by the main thread, before the program starts threads of its own: one that was there before would still
    /// get the signals. Those of this library never do.
    public static func onSignals(
        _ signals: [Signal] = [.interrupt, .terminate],
        _ body: @escaping @Sendable (Signal) -> Void
    ) throws {
        let thread = try BackgroundLoop()
        // For as long as the program runs.
        _ = SignalMask(blocking: signals)
        let source = SignalSource(signals, on: thread.loop)
        try thread.start {
            while let signal = try? await source.next() { body(signal) }
        }
    }
}
