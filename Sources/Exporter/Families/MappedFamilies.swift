import Telemetry

/// The gauges of `--agent.gauge`. One is left out when the agent does not say it: only who has named it knows whether 0
/// would be true.
struct MappedFamilies: Sendable {
    let descriptors: [MetricDescriptor]

    init(_ mappings: [GaugeMapping]) throws(MetricsError) {
        var descriptors: [MetricDescriptor] = []
        for mapping in mappings { descriptors.append(try mapping.descriptor()) }
        self.descriptors = descriptors
    }

    func families(_ verdict: Verdict) -> [MetricFamily] {
        guard let reading = verdict.reading else { return [] }
        return zip(descriptors, reading.gauges).map { descriptor, value in
            MetricFamily(descriptor, samples: value.map { [Sample($0)] } ?? [])
        }
    }
}
