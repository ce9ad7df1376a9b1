import AsyncHTTP
import Flags
import Hosting
import JSON
import Pipelines
import Service
import Synchronization
import Telemetry
import TelemetryServer
import WebhookChecks

/// The main job: takes webhooks and answers scrapes on some loops, processes and renders on another. Here everything is put
/// together.
struct WorkerService: Sendable {
    private static let name = "pipeline-worker"

    private let configuration: WorkerConfiguration
    private let settings: [Invocation<WorkerConfiguration>.Setting]
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let gate: WebhookGate

    static func run(_ invocation: Invocation<WorkerConfiguration>) -> Int32 {
        let logger = Logger(invocation.configuration.log)
        logger.warn(ofVariablesIn: invocation, WorkerProgram.table)
        let gate: WebhookGate
        do {
            gate = try invocation.configuration.webhook.gate()
        } catch {
            logger.error("the secret of webhooks cannot be read", ("error", LogValue("\(error)")))
            return 1
        }
        return logger.running(loops: 1 + invocation.configuration.web.threads) { group in
            try await WorkerService(invocation, gate, logger).run(on: group)
        }
    }

    private init(_ invocation: Invocation<WorkerConfiguration>, _ gate: WebhookGate, _ logger: Logger) {
        configuration = invocation.configuration
        settings = invocation.settings
        notifier = ServiceNotifier(address: invocation.environment["NOTIFY_SOCKET"])
        self.gate = gate
        self.logger = logger
    }

    /// Runs until a signal ends it.
    private func run(on group: EventLoopGroup) async throws {
        let (work, serving) = (group.first, Array(group.loops.dropFirst()))
        let holder = ServerHolder()
        let pulse = Pulse()
        let held = Mutex<BatchProcessor?>(nil)
        let metrics = try WorkerMetrics(configuration.kamon, cores: ProcFile.processors) {
            let processor = held.withLock { $0 }
            return (processor?.queue.count ?? 0, processor?.queue.active ?? 0)
        }
        let pipeline = PipelineAggregate(
            configuration.work.pipeline,
            meter: metrics.meter,
            executor: work.serialExecutor
        )
        let processor = BatchProcessor(
            configuration.work,
            pipeline,
            metrics.tasks,
            seed: UInt64.random(in: .min ... .max),
            wallClock: { .nanoseconds(wallClockNanoseconds()) },
            on: work
        )
        held.withLock { $0 = processor }
        defer { held.withLock { $0 = nil } }
        let webhooks = WebhookEndpoint(
            configuration.webhook,
            gate,
            into: processor.queue,
            metrics.webhooks,
            durations: metrics.requests,
            prefix: String(UInt32.random(in: .min ... .max), radix: 36),
            wallClock: { .nanoseconds(wallClockNanoseconds()) }
        )
        let health = health(pulse, processor)
        try holder.lock(by: configuration.web.configurationFile, realm: Self.name, health: health, logger)
        let host = try HostFamilies(
            in: metrics.front,
            prefix: WorkerMetrics.prefix,
            holder,
            isLocked: configuration.web.configurationFile != nil,
            linesDropped: { [logger] in logger.linesDropped }
        )
        let renderer = try RegistryRenderer(metrics.front, every: configuration.kamon.interval)
        let endpoints = try Endpoints(
            configuration.web.telemetryPath,
            source: renderer,
            endpoints: health.endpoints,
            actions: [
                Action(WebhookConfiguration.path, methods: [.post], body: .bytes(.max)) { request, responder in
                    try await webhooks.answer(request, responder)
                }
            ] + (configuration.web.reloadsOnRequest ? [holder.reloading] : []),
            metrics: host.requests
        )
        let server = try holder.serve(endpoints, configuration.web, on: serving, logger)
        defer { holder.server = nil }
        let info = ActuatorInfo(
            isEnding: { pulse.isDraining },
            tasks: { processor.queue.active + processor.queue.count },
            requests: { webhooks.active },
            sessions: { server.statistics.connectionsOpen }
        )
        var others = [try info.server(on: configuration.actuator.addresses, loops: serving)]
        let own = configuration.kamon.isEnabled ? try ownServer(metrics, pulse, work, serving) : nil
        if configuration.kamon.isEnabled, configuration.kamon.hasStatusPage {
            others.append(
                try StatusServer.make(on: configuration.kamon.statusAddresses, loops: serving) {
                    await status(metrics, pipeline, processor, pulse)
                }
            )
        }
        let reporter = try reporter(metrics, processor, on: work)
        let lifecycle = Lifecycle(
            Lifecycle.Steps(
                ends: {
                    pulse.isDraining = true
                    processor.queue.end()
                },
                drain: { goesOn in await drain(processor, on: work, goesOn) },
                shutdown: { server.shutdown(gracefully: $0) },
                reload: holder.reload?.action
            ),
            notifier: notifier,
            logger: logger,
            on: work
        )
        logger.announce(
            server,
            configuration.web,
            settings,
            ("metrics", LogValue(own?.addresses.joined(separator: " ") ?? "none")),
            ("actuator", LogValue(others[0].addresses.joined(separator: " "))),
            ("status_page", LogValue(others.dropFirst().first?.addresses.joined(separator: " ") ?? "none"))
        )
        try await withThrowingTaskGroup(of: Void.self) { [others] tasks in
            tasks.addTask { try await lifecycle.run() }
            tasks.addTask { try await server.run() }
            for other in others { tasks.addTask { try await untilEnd { try await other.run() } } }
            if let own { tasks.addTask { try await untilEnd { try await own.run() } } }
            tasks.addTask {
                await renderer.run(work.clock, while: { !Task.isCancelled }, beat: { pulse.beat() })
                try await forever(on: work)
            }
            tasks.addTask {
                try await processor.run()
                try await forever(on: work)
            }
            if let reporter {
                tasks.addTask {
                    await reporter.run(); try await forever(on: work)
                }
            }
            notifier.ready()
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
        await reporter?.end()
        MetricsReporter.shutdown()
        logger.info("stopped")
    }

    /// What ends only with the program does not end it.
    private func forever(on loop: EventLoop) async throws {
        while !Task.isCancelled { try await loop.clock.sleep(for: .seconds(3600)) }
    }

    private func untilEnd(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch  where Task.isCancelled {
            // That is how it ends.
        }
    }

    private func drain(
        _ processor: BatchProcessor,
        on loop: EventLoop,
        _ goesOn: @Sendable () -> Bool
    ) async -> String {
        let end = loop.clock.now.advanced(by: configuration.work.gracePeriod)
        while goesOn(), !processor.queue.isIdle, loop.clock.now < end {
            try? await loop.clock.sleep(for: .milliseconds(20))
        }
        if processor.queue.isIdle { return "all batches are done" }
        logger.warn("batches are given up", ("batches", LogValue(processor.queue.active + processor.queue.count)))
        return "the grace period is over"
    }

    private func ownServer(
        _ metrics: WorkerMetrics,
        _ pulse: Pulse,
        _ rendering: EventLoop,
        _ serving: [EventLoop]
    ) throws -> MetricsServer {
        var options = MetricsServer.Options()
        options.name = configuration.kamon.serviceName
        options.interval = configuration.kamon.interval
        options.isReady = { !pulse.isDraining }
        return try MetricsServer(
            metrics.own,
            listeningOn: configuration.kamon.addresses,
            rendering: rendering,
            serving: serving,
            options: options
        )
    }

    private func health(_ pulse: Pulse, _ processor: BatchProcessor) -> HealthRoutes {
        HealthRoutes(of: Self.name, stuck: "the loop that processes is stuck") {
            HealthReport(
                pulse,
                isReady: true,
                details: [
                    JSONValue.Member("batches_waiting", .number(Double(processor.queue.count))),
                    JSONValue.Member("batches_active", .number(Double(processor.queue.active))),
                ]
            )
        }
    }

    private func reporter(
        _ metrics: WorkerMetrics,
        _ processor: BatchProcessor,
        on loop: EventLoop
    ) throws -> WorkerReporter? {
        let families = try WorkerFamilies()
        return try WorkerReporter(configuration.report, logger, on: loop) {
            families.families(
                active: processor.queue.active,
                waiting: processor.queue.count,
                completed: metrics.tasks.completed.value
            ) + metrics.own.gather()
        }
    }

    private func status(
        _ metrics: WorkerMetrics,
        _ pipeline: PipelineAggregate,
        _ processor: BatchProcessor,
        _ pulse: Pulse
    ) async -> StatusDocument {
        let kamon = configuration.kamon
        return StatusDocument(
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
                waiting: processor.queue.count,
                active: processor.queue.active
            )
        )
    }
}
