import AsyncHTTP
import Telemetry

/// The gauges of `--agent.gauge`. One is left out when the agent does not say it: only who has named it knows whether 0
/// would be true.
struct GaugeCollector: Collector {
    let descriptors: [MetricDescriptor]
    private let view: @Sendable () -> AgentView

    init(_ mappings: [GaugeMapping], view: @escaping @Sendable () -> AgentView) throws(MetricsError) {
        var descriptors: [MetricDescriptor] = []
        for mapping in mappings { descriptors.append(try mapping.descriptor()) }
        self.descriptors = descriptors
        self.view = view
    }

    func collect() -> [MetricFamily] {
        guard case .reading(let reading) = view().standing else { return [] }
        return zip(descriptors, reading.gauges).map { descriptor, value in
            MetricFamily(descriptor, samples: value.map { [Sample($0)] } ?? [])
        }
    }
}
