import AsyncHTTP

/// A timerfd on a loop. The loop's own deadlines are of whole milliseconds, which is more than many an answer takes.
final class PreciseTimer {
    private let channel: Channel
    private var armed = MonotonicInstant.distantFuture

    init(on loop: EventLoop) throws(SystemError) {
        channel = try Channel(TimerDescriptor.open(), on: loop)
    }

    /// Makes sure that it rings at `instant`, or before.
    func arm(_ instant: MonotonicInstant) {
        guard instant < armed else { return }
        armed = instant
        TimerDescriptor.arm(channel.descriptor, at: instant)
    }

    /// Waits until it rings; false when it has been closed.
    func wait() async -> Bool {
        _ = await channel.wait()
        // It need not be read: each ringing is an edge of its own.
        channel.markDrained()
        armed = .distantFuture
        return !channel.isClosed
    }

    func close() {
        channel.close()
    }
}
