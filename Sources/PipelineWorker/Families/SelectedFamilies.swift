import Telemetry

/// What a registry has, without families that nobody wants.
struct SelectedFamilies: Collector {
    private let registry: Registry
    private let dropped: [NamePattern]
    /// What there is, is known when it is gathered.
    let descriptors: [MetricDescriptor] = []

    /// - Parameter dropped: by names as they are exported, with or without `_total`.
    init(_ registry: Registry, without dropped: [NamePattern]) {
        self.registry = registry
        self.dropped = dropped
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
