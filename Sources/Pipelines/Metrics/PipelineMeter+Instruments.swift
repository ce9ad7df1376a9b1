public import Telemetry

/// Instruments that pipelines have besides: one series a pipeline, by its `pipeline_id`, until the pipeline is removed.
///
/// `with` gives the instrument of a pipeline. Pipelines beyond the meter's limit share one, as everywhere.
extension PipelineMeter {
    /// Makes a counter for each pipeline.
    public func counter(
        _ name: String,
        help: String,
        unit: String? = nil,
        in registry: Registry
    ) throws(MetricsError) -> Labeled<Counter> {
        ending(
            try registry.counter(name, help: help, unit: unit, labels: PipelineLabels.names, limit: limits.pipelines)
        )
    }

    /// Makes a gauge for each pipeline.
    public func gauge(
        _ name: String,
        help: String,
        unit: String? = nil,
        in registry: Registry
    ) throws(MetricsError) -> Labeled<Gauge> {
        ending(
            try registry.gauge(name, help: help, unit: unit, labels: PipelineLabels.names, limit: limits.pipelines)
        )
    }

    /// Makes a histogram for each pipeline.
    public func histogram(
        _ name: String,
        help: String,
        unit: String? = nil,
        buckets: Buckets = .durations,
        in registry: Registry
    ) throws(MetricsError) -> Labeled<Histogram> {
        ending(
            try registry.histogram(
                name,
                help: help,
                unit: unit,
                buckets: buckets,
                labels: PipelineLabels.names,
                limit: limits.pipelines
            )
        )
    }

    private func ending<Child: Instrument>(_ family: Labeled<Child>) -> Labeled<Child> {
        // What many share stays.
        whenRemoved { if $0 != Labeled<Child>.overflow { family.remove($0) } }
        return family
    }
}
