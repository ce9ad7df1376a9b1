import Telemetry

/// Families that are always the same, and what of them was announced: all, unless it says otherwise.
struct FixedFamilies: Collector {
    let descriptors: [MetricDescriptor]
    private let families: [MetricFamily]

    init(_ families: [MetricFamily], announced: [MetricDescriptor]? = nil) {
        self.families = families
        descriptors = announced ?? families.map(\.descriptor)
    }

    func collect() -> [MetricFamily] { families }

    /// What a registry that has only these says in each format.
    static func render(_ families: [MetricFamily], _ format: ExpositionFormat = .text004) throws -> String {
        let registry = Registry()
        try registry.register(FixedFamilies(families))
        return text(registry, format)
    }
}
