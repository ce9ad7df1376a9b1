/// The signals that a program wants to hear of, one after another, on a loop.
public actor SignalSource {
    private nonisolated let loop: EventLoop
    private let signals: [Signal]
    private var channel: Channel?
    private var isAwaited = false

    /// - Parameter signals: among those that `withEventLoops` holds back; another would still do what it does by default.
    public init(_ signals: [Signal], on loop: EventLoop) {
        self.signals = signals
        self.loop = loop
    }

    /// Pins the source to its loop, where its descriptor is.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Waits for the next one; nil when the task is cancelled or the source closed. One task at a time: for another it is an
    /// error, EBUSY.
    public func next() async throws(SystemError) -> Signal? {
        if channel == nil { channel = try Channel(SignalDescriptor.open(signals), on: loop) }
        guard let channel else { return nil }
        if isAwaited { throw .busy("signalfd") }
        isAwaited = true
        defer { isAwaited = false }
        return await withTaskCancellationHandler {
            while !Task.isCancelled, !channel.isClosed {
                if let signal = SignalDescriptor.next(from: channel.descriptor) { return signal }
                channel.markDrained()
                _ = await channel.wait()
            }
            return nil
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.channel?.wake() } }
        }
    }

    /// Stops listening; a signal that arrives later waits, held back, for somebody else.
    public func close() {
        channel?.close()
        channel = nil
    }
}
