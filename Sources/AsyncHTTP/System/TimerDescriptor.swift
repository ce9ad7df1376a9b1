import CLinux
import Glibc

/// A timerfd: it can be read once its moment has come, on the monotonic clock.
package enum TimerDescriptor {
    package static func open() throws(SystemError) -> Descriptor {
        Descriptor(
            owning: try check("timerfd_create") {
                timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
            }
        )
    }

    /// Sets the one moment at which it rings, in place of an earlier one. A moment in the past rings at once.
    package static func arm(_ descriptor: borrowing Descriptor, at instant: MonotonicInstant) {
        // Zero would disarm it.
        let nanoseconds = max(1, instant.nanoseconds)
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
        setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        _ = unsafe timerfd_settime(descriptor.raw, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }
}
