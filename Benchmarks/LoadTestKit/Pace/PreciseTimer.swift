import AsyncHTTP
import CLinux
import Glibc

/// A timerfd on a loop. The loop's own deadlines are of whole milliseconds, which is more than many an answer takes.
final class PreciseTimer {
    private let channel: Channel
    private var armed = MonotonicInstant.distantFuture

    init(on loop: EventLoop) throws(SystemError) {
        let raw = try check("timerfd_create") {
            timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        }
        channel = try Channel(Descriptor(owning: raw), on: loop)
    }

    /// Makes sure that it rings at `instant`, or before.
    func arm(_ instant: MonotonicInstant) {
        guard instant < armed else { return }
        armed = instant
        // Zero would disarm it; a moment in the past rings at once.
        let nanoseconds = max(1, instant.nanoseconds)
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
        setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        _ = unsafe timerfd_settime(channel.descriptor.raw, Int32(TFD_TIMER_ABSTIME), &setting, nil)
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
