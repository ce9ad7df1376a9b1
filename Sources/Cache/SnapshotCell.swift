import Synchronization

/// The latest finished value, shared between the thread that makes it and any number that read it.
///
/// The lock covers one reference: readers hold it to copy that reference, `publish` to exchange it. What the value took to
/// make, and what freeing the previous one takes, happens outside, so a read never waits for a render. A reader keeps the
/// snapshot that it got for as long as it likes.
///
/// Measured with `make bench` (cases `SnapshotCell …`): a read is about 20 ns, retain and release included; that is why this
/// is a `Mutex` (which spins for a bounded time, then sleeps) and not something cleverer.
public final class SnapshotCell<Value: Sendable>: Sendable {
    /// One reference to count per read, however many the value itself has.
    private final class Snapshot: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let current: Mutex<Snapshot>

    public init(_ initial: Value) {
        current = Mutex(Snapshot(initial))
    }

    /// The latest published value.
    public func read() -> Value {
        let snapshot = current.withLock { $0 }
        return snapshot.value
    }

    /// Makes a finished value the one that is read from now on.
    public func publish(_ value: Value) {
        let next = Snapshot(value)
        let previous = current.withLock { current in
            let previous = current
            current = next
            return previous
        }
        // Freed here, after the lock is gone, if no reader still has it.
        _ = consume previous
    }
}
