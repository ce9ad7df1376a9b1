import Synchronization

/// Counters side by side, each of which any thread may add to without a lock.
///
/// `@unchecked Sendable` because of the pointer. It is safe: the memory is made and filled before the array can be shared,
/// never moved, freed only when nobody has the array any more, and in between touched only by atomic operations.
@safe final class AtomicArray: @unchecked Sendable {
    private let cells: UnsafeMutableBufferPointer<Atomic<UInt64>>

    init(count: Int) {
        unsafe cells = .allocate(capacity: max(count, 0))
        for index in 0..<max(count, 0) { unsafe cells.initializeElement(at: index, to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize().deallocate()
    }

    /// Adds one; an index out of range counts nothing.
    func increment(at index: Int) {
        guard index >= 0, unsafe index < cells.count else { return }
        unsafe cells[index].wrappingAdd(1, ordering: .relaxed)
    }

    var values: [UInt64] {
        unsafe (0..<cells.count).map { unsafe cells[$0].load(ordering: .relaxed) }
    }
}
