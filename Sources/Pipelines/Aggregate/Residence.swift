/// Where an actor lives: on an executor that it was given, or where Swift puts actors.
enum Residence: Sendable {
    case executor(any SerialExecutor)
    case shared(with: Landlord)

    /// An actor that does nothing but have an executor of Swift's own kind.
    actor Landlord {}

    init(_ executor: (any SerialExecutor)?) {
        self = executor.map(Residence.executor) ?? .shared(with: Landlord())
    }

    /// For as long as this is kept, which keeps its owner.
    var unownedExecutor: UnownedSerialExecutor {
        switch self {
        case .executor(let executor): unsafe executor.asUnownedSerialExecutor()
        case .shared(let landlord): unsafe landlord.unownedExecutor
        }
    }
}
