import Synchronization

/// Whether what was exported before the start is exported again.
final class Readiness: Sendable {
    private let there = Atomic<Bool>(false)

    var isThere: Bool {
        get { there.load(ordering: .acquiring) }
        set { there.store(newValue, ordering: .releasing) }
    }
}
