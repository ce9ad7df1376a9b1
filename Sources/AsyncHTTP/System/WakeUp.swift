import CLinux
import Glibc

/// An eventfd: any thread writes it to end another one's wait.
struct WakeUp: ~Copyable {
    let descriptor: Descriptor

    init() throws(SystemError) {
        descriptor = Descriptor(
            owning: try check("eventfd") { eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)) }
        )
    }

    func signal() {
        _ = eventfd_write(descriptor.raw, 1)
    }

    /// Takes what was signalled, so that the next signal is an event again.
    func consume() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.raw, &count)
    }
}
