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

    private let open = Atomic<Int>(0)

    /// Every admission but a refusal is to be followed by `leave`.
    func enter(limit: Int, rejections: Int) -> Admission {
        let others = open.wrappingAdd(1, ordering: .relaxed).oldValue
        if others < limit { return .admitted }
        if others - limit < rejections { return .rejected }
        leave()
        return .refused
    }

    func leave() {
        open.wrappingSubtract(1, ordering: .relaxed)
    }
}
