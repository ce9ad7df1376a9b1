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
            settings: WorkerConfiguration.serveFlags.map(setting),
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

    private func setting(of flag: Flag<WorkerConfiguration>) -> StatusDocument.Setting {
        let given = settings.first { $0.flag == flag.name }
        return StatusDocument.Setting(
            name: flag.name,
            value: given?.values.joined(separator: " ") ?? flag.standard,
            source: given?.source ?? "default"
        )
    }
}
