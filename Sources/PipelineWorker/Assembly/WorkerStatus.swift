import Flags
import Pipelines
import Service
import Telemetry
import TelemetryServer

/// Everything that the status page shows, at the moment at which somebody looks.
struct WorkerStatus: Sendable {
    let kamon: KamonConfiguration
    let settings: [Invocation<WorkerConfiguration>.Setting]
    let metrics: WorkerMetrics
    let pipeline: PipelineAggregate
    let queue: BatchQueue
    let pulse: Pulse

    func document() async -> StatusDocument {
        StatusDocument(
            service: kamon.serviceName,
            version: BuildInfo.version,
            settings: settings.map {
                StatusDocument.Setting(name: $0.flag, value: $0.values.joined(separator: " "), source: $0.source)
            },
            modules: MetricsGroup.allCases.map {
                StatusDocument.Module(name: $0.rawValue, purpose: $0.purpose, isEnabled: !kamon.disabled.contains($0))
            },
            instruments: (metrics.own.gather() + metrics.front.gather()).map(StatusDocument.Instrument.init),
            health: StatusDocument.Health(
                state: pulse.isDraining ? "ending" : "running",
                pipelineState: await pipeline.state.rawValue,
                waiting: queue.count,
                active: queue.active
            )
        )
    }
}
