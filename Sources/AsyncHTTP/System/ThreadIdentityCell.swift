import Glibc
import Synchronization

/// Remembers a thread, so that a loop can tell whether it is being called by itself.
final class ThreadIdentityCell: Sendable {
    private let thread = Atomic<UInt>(0)

    /// Makes the calling thread the one.
    func claim() {
        thread.store(pthread_self(), ordering: .relaxed)
    }

    func disown() {
        thread.store(0, ordering: .relaxed)
    }

    var isCurrent: Bool {
        // Relaxed is enough: only the thread itself ever stores its own number.
        thread.load(ordering: .relaxed) == pthread_self()
    }
}
