import Synchronization

/// Counts the connections of all of a server's loops against their limit.
final class ConnectionGate: Sendable {
    enum Admission {
        case admitted
        /// One too many, to be told so.
        case rejected
        /// Too many even to be told.
        case refused
    }

    private let capacity: ConnectionCapacity
    private let open = Atomic<Int>(0)

    init(_ capacity: ConnectionCapacity) {
        self.capacity = capacity
    }

    /// Every admission but a refusal is to be followed by `leave`.
    func enter() -> Admission {
        let others = open.wrappingAdd(1, ordering: .relaxed).oldValue
        if others < capacity.connections { return .admitted }
        if others - capacity.connections < capacity.rejections { return .rejected }
        leave()
        return .refused
    }

    func leave() {
        open.wrappingSubtract(1, ordering: .relaxed)
    }
}
