/// Which names are taken, and by whom: no two families may print lines of one name, nor lines that a reader could take for
/// those of the other, in any format.
public struct FamilyNames: Sendable {
    private var owners: [String: MetricDescriptor] = [:]

    /// No name is taken yet.
    public init() {}

    /// What `reserve` would throw for this family; `nil` if all its names are free.
    public func clash(with descriptor: MetricDescriptor) -> MetricsError? {
        for name in descriptor.reservedNames {
            guard let owner = owners[name] else { continue }
            return .nameClash(
                new: descriptor.name,
                newKind: descriptor.kind,
                existing: owner.name,
                existingKind: owner.kind,
                name: name
            )
        }
        return nil
    }

    /// Takes the names of a family. Throws `MetricsError.nameClash`, and takes none, if one of them is taken.
    public mutating func reserve(_ descriptor: MetricDescriptor) throws(MetricsError) {
        if let clash = clash(with: descriptor) { throw clash }
        for name in descriptor.reservedNames { owners[name] = descriptor }
    }

    /// Takes the names of all these families, or of none if one of them clashes, with the others or with what is there.
    public mutating func reserve(_ descriptors: [MetricDescriptor]) throws(MetricsError) {
        var names = self
        for descriptor in descriptors { try names.reserve(descriptor) }
        self = names
    }

    /// The families that have names which this one would need.
    func owners(ofNamesOf descriptor: MetricDescriptor) -> [MetricDescriptor] {
        descriptor.reservedNames.compactMap { owners[$0] }
    }
}
