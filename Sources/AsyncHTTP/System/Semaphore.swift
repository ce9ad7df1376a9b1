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
}
