import CLinux
import Glibc

/// Counts what is to be done, for a thread that has nothing else to do than wait for it (eventfd(2), EFD_SEMAPHORE).
struct Semaphore: ~Copyable {
    private let descriptor: Descriptor

    init() throws(SystemError) {
        descriptor = Descriptor(
            owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_SEMAPHORE)) }
        )
    }

    /// One more.
    func signal() {
        var one: UInt64 = 1
        while unsafe write(descriptor.raw, &one, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }

    /// Takes one; waits, and the thread with it, until there is one.
    func wait() {
        var value: UInt64 = 0
        while unsafe read(descriptor.raw, &value, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }

    /// Takes one, and waits no longer than that.
    /// - Returns: whether there was one.
    func wait(for patience: Duration) -> Bool {
        let deadline = MonotonicInstant.now.advanced(by: patience)
        var entry = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        while true {
            let left = MonotonicInstant.now.duration(to: deadline).clampedMilliseconds
            let ready = unsafe poll(&entry, 1, Int32(clamping: max(0, left &+ 1)))
            if ready > 0 {
                wait()
                return true
            }
            if left <= 0 { return false }
        }
    }
}
