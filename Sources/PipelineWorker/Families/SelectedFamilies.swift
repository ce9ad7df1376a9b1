import Telemetry

/// What a registry has, without families that nobody wants.
struct SelectedFamilies: Collector {
    private let registry: Registry
    private let dropped: [NamePattern]
    let descriptors: [MetricDescriptor]

    /// - Parameter dropped: by names as they are exported, with or without `_total`.
    init(_ registry: Registry, announcing descriptors: [MetricDescriptor], without dropped: [NamePattern]) {
        self.registry = registry
        self.dropped = dropped
        self.descriptors = descriptors.filter { descriptor in !dropped.contains { $0.drops(descriptor) } }
    }

    func collect() -> [MetricFamily] {
        let families = registry.gather()
        if dropped.isEmpty { return families }
        return families.filter { family in !dropped.contains { $0.drops(family.descriptor) } }
    }
}

extension NamePattern {
    fileprivate func drops(_ descriptor: MetricDescriptor) -> Bool {
        matches(descriptor.name) || descriptor.kind == .counter && matches(descriptor.name + "_total")
    }
}
