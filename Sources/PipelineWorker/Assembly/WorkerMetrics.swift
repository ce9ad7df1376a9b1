import Pipelines
import Telemetry
import TelemetryServer

/// The two registries of a worker: what stands beside the webhooks, and what is scraped on a port of its own.
struct WorkerMetrics: Sendable {
    static let prefix = "pipeline_worker"

    /// Beside the webhooks.
    let front = Registry()
    /// On the port of its own; empty when nothing is recorded.
    let own = Registry()
    let webhooks: WebhookMetrics
    let tasks: TaskMetrics
    /// Nil when requests are not recorded.
    let requests: Histogram?
    let meter: PipelineMeter?
    /// The worker's own instrument of its pipeline; nil when pipelines are not recorded.
    let records: Labeled<Histogram>?
    private let everything = Registry()

    /// - Parameter cores: processors that it may use.
    init(_ configuration: KamonConfiguration, _ queue: BatchQueue, cores: Int) throws {
        webhooks = try WebhookMetrics(in: front)
        try front.register(ProcessCollector())
        let groups = Set(MetricsGroup.allCases).subtracting(
            configuration.isEnabled ? configuration.disabled : Set(MetricsGroup.allCases)
        )
        if configuration.isEnabled {
            let info = try everything.info(
                "pipeline_worker_service_info",
                help: "What the service is called.",
                labels: ["service"]
            )
            try info.set(configuration.serviceName)
        }
        meter = groups.contains(.pipelines) ? try MetricsReporter.start(in: everything) : nil
        records = try meter?.histogram(
            "pipeline_worker_batch_records",
            help: "Records of a batch that was processed.",
            buckets: Buckets([0, 1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000]),
            in: everything
        )
        // They are counted in any case: a hub is told how many there were.
        tasks = try TaskMetrics(in: groups.contains(.tasks) ? everything : Registry())
        requests =
            groups.contains(.tasks)
            ? try everything.histogram(
                "app_request_duration_seconds",
                help: "From when a webhook had been received until it was answered.",
                unit: "seconds",
                buckets: Buckets([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120])
            ) : nil
        if groups.contains(.mailbox) {
            try everything.gauge("pipeline_worker_mailbox_depth", help: "Batches that wait.") { Double(queue.count) }
            try everything.gauge("pipeline_worker_batches_active", help: "Batches under way.") { Double(queue.active) }
        }
        if groups.contains(.process) { try everything.register(ResourceFamilies(cores: cores)) }
        try own.register(SelectedFamilies(everything, without: configuration.dropped))
    }
}
