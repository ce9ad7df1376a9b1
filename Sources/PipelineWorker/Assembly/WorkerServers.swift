import AsyncHTTP
import Hosting
import JSON
import Service
import TelemetryServer
import WebhookChecks

/// The four doors of a worker: for webhooks, for Prometheus, for people, and for a sidecar.
struct WorkerServers: Sendable {
    private static let name = "pipeline-worker"

    /// Where webhooks come in. Its own metrics are rendered by `renderer`.
    let front: HTTPServer
    let renderer: RegistryRenderer
    let actuator: HTTPServer
    /// Nil when nothing is recorded.
    let metrics: MetricsServer?
    /// Nil when nobody is to look.
    let status: HTTPServer?

    /// Opens all of them.
    ///
    /// - Parameters:
    ///   - work: where what is scraped is read.
    ///   - serving: where requests are answered.
    init(
        _ configuration: WorkerConfiguration,
        _ webhooks: WebhookEndpoint,
        _ gate: WebhookGate,
        _ shown: WorkerStatus,
        _ holder: ServerHolder,
        _ logger: Logger,
        on work: EventLoop,
        serving: [EventLoop]
    ) throws {
        let (pulse, queue) = (shown.pulse, shown.queue)
        let health = Self.health(pulse, queue)
        try holder.lock(
            by: configuration.web.configurationFile,
            realm: Self.name,
            health: health,
            others: configuration.webhook.renewal(of: gate),
            logger
        )
        let host = try HostFamilies(
            in: shown.metrics.front,
            prefix: WorkerMetrics.prefix,
            holder,
            isLocked: configuration.web.configurationFile != nil,
            reloads: holder.reload != nil,
            linesDropped: { [logger] in logger.linesDropped }
        )
        renderer = try RegistryRenderer(
            shown.metrics.front,
            every: configuration.kamon.interval,
            rendersOnScrape: true
        )
        let endpoints = try Endpoints(
            configuration.web.telemetryPath,
            source: renderer,
            endpoints: health.endpoints,
            actions: [
                // The endpoint says itself how much it takes, and counts what is more.
                Action(WebhookConfiguration.path, methods: [.post], body: .bytes(.max)) { request, responder in
                    try await webhooks.answer(request, responder)
                }
            ] + (configuration.web.reloadsOnRequest ? [holder.reloading] : []),
            metrics: host.requests
        )
        let front = try holder.serve(endpoints, configuration.web, on: serving, longestBody: .bytes(.max), logger)
        self.front = front
        let info = ActuatorInfo(
            isEnding: { pulse.isDraining },
            tasks: { queue.active + queue.count },
            requests: { webhooks.active },
            sessions: { front.statistics.connectionsOpen }
        )
        actuator = try holder.serveBeside(
            on: configuration.actuator.addresses,
            configuration.web,
            loops: serving,
            logger,
            info.router.handle
        )
        let kamon = configuration.kamon
        metrics =
            kamon.isEnabled ? try Self.metrics(configuration, shown, holder, logger, on: work, serving: serving) : nil
        status =
            kamon.isEnabled && kamon.hasStatusPage
            ? try holder.serveBeside(
                on: kamon.statusAddresses,
                configuration.web,
                loops: serving,
                logger,
                StatusRoutes.router(shown.document).handle
            ) : nil
    }

    private static func health(_ pulse: Pulse, _ queue: BatchQueue) -> HealthRoutes {
        HealthRoutes(of: name, stuck: "the loop that processes is stuck") {
            HealthReport(
                pulse,
                isReady: true,
                details: [
                    JSONValue.Member("batches_waiting", .number(Double(queue.count))),
                    JSONValue.Member("batches_active", .number(Double(queue.active))),
                ]
            )
        }
    }

    private static func metrics(
        _ configuration: WorkerConfiguration,
        _ shown: WorkerStatus,
        _ holder: ServerHolder,
        _ logger: Logger,
        on work: EventLoop,
        serving: [EventLoop]
    ) throws -> MetricsServer {
        let kamon = configuration.kamon
        var options = MetricsServer.Options()
        options.name = kamon.serviceName
        options.interval = kamon.interval
        options.rendersOnScrape = true
        options.isReady = { [pulse = shown.pulse] in !pulse.isDraining }
        return try holder.serveBeside(
            shown.metrics.own,
            on: kamon.addresses,
            configuration.web,
            rendering: work,
            serving: serving,
            options,
            logger
        )
    }

    /// Serves until the task is cancelled. Who takes webhooks decides when that is: what else is asked ends with it.
    func run() async throws {
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await front.run() }
            for other in [actuator, status].compactMap(\.self) { tasks.addTask { try await other.run() } }
            if let metrics { tasks.addTask { try await metrics.run() } }
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }
}
